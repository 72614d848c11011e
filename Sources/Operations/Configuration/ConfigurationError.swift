/// A setting that keeps a program from starting.
///
/// The message is one line that names the setting, the value (never a secret's) and the remedy. A program prints it after
/// its own name and leaves with ``exitCode``; ``runProgram(name:_:)`` does both.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// `EX_CONFIG` of sysexits.h: something is wrong with the configuration.
    public static let exitCode: Int32 = 78

    /// What is wrong and what to do about it, on one line.
    public let description: String

    /// An error with `message`; line breaks and other control characters in it are escaped.
    public init(_ message: String) {
        description = escapingControls(in: message)
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
