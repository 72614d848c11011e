/// What keeps a program from starting: one fault of its settings, or several.
///
/// Each is one line that names the setting, the value (never a secret's) and the remedy. A program prints each after
/// its own name and leaves with ``exitCode``; ``runProgram(name:_:)`` does both.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// `EX_CONFIG` of sysexits.h: something is wrong with the configuration.
    public static let exitCode: Int32 = 78

    private let first: String
    private let others: [String]

    /// What is wrong and what to do about it, a line each; at least one.
    public var faults: [String] { [first] + others }

    /// The faults, each on a line.
    public var description: String { faults.joined(separator: "\n") }

    /// An error with `message`; line breaks and other control characters in it are escaped.
    public init(_ message: String) {
        self.init(message, [])
    }

    /// An error with these faults; nil when there is none.
    public init?(faults: [String]) {
        guard let first = faults.first else { return nil }
        self.init(first, Array(faults.dropFirst()))
    }

    private init(_ first: String, _ others: [String]) {
        self.first = escapingControls(in: first)
        self.others = others.map { escapingControls(in: $0) }
    }
}

/// An error that may tell of several faults, such as of some lines of a file.
public protocol FaultList: Error {
    /// What is wrong, each on a line; at least one.
    var faults: [String] { get }
}

extension ConfigurationError: FaultList {}

extension ConfigurationError {
    /// An error with what `error` tells, behind the name of what it is about.
    init(_ name: String? = nil, about error: any Error) {
        let faults = (error as? any FaultList)?.faults ?? ["\(error)"]
        self = Self(faults: faults.map { fault in name.map { "\($0): \(fault)" } ?? fault }) ?? Self("\(error)")
    }
}

extension ConfigurationError {
    static func invalid(_ setting: SettingDescription, text: String, origin: String) -> ConfigurationError {
        let shown = setting.isSecret ? "the secret value (not shown)" : "\"\(abridged(setting.redact(text)))\""
        return ConfigurationError("\(shown) is no valid value for \(origin): expected \(setting.expected)")
    }

    static func missing(_ setting: SettingDescription) -> ConfigurationError {
        let ways = [setting.flag, setting.variable, setting.isSecret ? setting.fileVariable : nil].compactMap { $0 }
        return ConfigurationError("\(setting.key) is not set (\(setting.help)): set \(ways.joined(separator: " or "))")
    }

    private static func abridged(_ text: String) -> String {
        text.count > 100 ? text.prefix(100) + "…" : text
    }
}
