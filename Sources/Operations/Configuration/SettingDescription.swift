/// What people see of a setting: its names, its help and its default, without its type.
public struct SettingDescription: Sendable {
    /// The dotted key under `sms`, for instance `broker.url`; words inside a part are in camel case.
    public let key: String
    /// The flag with its dashes, for instance `--broker`; nil when the setting has none.
    public let flag: String?
    /// One line that says what the setting does.
    public let help: String
    /// What a valid value is, in words that fit after "expected".
    public let expected: String
    /// The default as a user would type it; nil when there is none.
    public let defaultText: String?
    /// Whether the value must never be shown.
    public let isSecret: Bool
    /// Takes what must stay private, such as a password inside a URL, out of a value that is to be shown.
    let redact: @Sendable (String) -> String
    /// Whether a text is a valid value.
    let accepts: @Sendable (String) -> Bool

    /// The environment variable, for instance `SMS_BROKER_URL`.
    ///
    /// The rule is that of swift-configuration: the parts joined by `_`, one more `_` where a capital follows a small
    /// letter, all in capitals.
    public var variable: String { Self.variable(of: key) }

    /// The environment variable of the setting with that key.
    static func variable(of key: String) -> String {
        var name = "SMS_"
        var previous: Character = "."
        for character in key {
            if previous.isLowercase, character.isUppercase {
                name.append("_")
            }
            name.append(character.isLetter || character.isNumber ? Character(character.uppercased()) : "_")
            previous = character
        }
        return name
    }

    /// The variable that names a file with the value; only secrets have it.
    public var fileVariable: String { variable + "_FILE" }

    /// What errors call the setting: flag and variable, `--broker (SMS_BROKER_URL)`, or the variable alone.
    public var name: String { flag.map { "\($0) (\(variable))" } ?? variable }

    /// What the command line gave for this setting; nil when the flag was not used.
    public func given(_ text: String?) -> GivenFlag? {
        text.map { GivenFlag(key: key, text: $0) }
    }

    /// The text for `--help`: what the setting does, its environment variable and its default.
    public var helpText: String {
        var notes = ["environment: \(variable)\(isSecret ? " or \(fileVariable)" : "")"]
        if let defaultText {
            notes.append("default: \(defaultText)")
        }
        return "\(help). (\(notes.joined(separator: "; ")))"
    }
}

extension SettingDescription {
    /// One paragraph for `--help` about the settings that have no flag: variable, what it does, default.
    public static func environmentHelp(_ settings: [SettingDescription]) -> String {
        let flagless = settings.filter { $0.flag == nil }
        let width = flagless.map(\.variable.count).max() ?? 0
        return flagless.map { setting in
            let padding = String(repeating: " ", count: width - setting.variable.count)
            let fallback = setting.defaultText.map { " (default: \($0))" } ?? ""
            let file = setting.isSecret ? "; or \(setting.fileVariable), the path of a file that holds it" : ""
            return "\(setting.variable)\(padding)  \(setting.help)\(fallback)\(file)"
        }.joined(separator: "\n")
    }
}
