/// One setting of a program, declared once: its key, flag, default, help, and how its text becomes a value.
///
/// Kinds such as ``integer(_:flag:in:default:help:)`` cover most settings:
///
///     extension Setting where Value == Int {
///         static var concurrency: Setting {
///             .integer("concurrency", flag: "--concurrency", in: 1...10_000, default: 64, help: "How many jobs run at once")
///         }
///     }
///
/// ``Settings`` reads it from the flag, the environment, the configuration file, or the default, in this order.
public struct Setting<Value: Sendable>: Sendable {
    /// What people see of the setting.
    public let description: SettingDescription
    /// The value when nobody gives one.
    public let defaultValue: Value
    /// Turns a text into the value, nil when it is not valid.
    let parse: @Sendable (String) -> Value?

    /// A setting of any type.
    ///
    /// - Parameters:
    ///   - key: the dotted key under `sms`; words inside a part in camel case (`yuntongxun.accountSID`).
    ///   - flag: the flag with its dashes, nil for none.
    ///   - default: the value when nobody gives one.
    ///   - defaultText: the default as a user would type it, nil when there is none to show.
    ///   - help: one line without a full stop.
    ///   - expected: what a valid value is, in words that fit after "expected".
    ///   - isSecret: whether the value must never be shown, and may come from a file named by `<VARIABLE>_FILE`.
    ///   - redact: takes private parts out of a value before an error shows it.
    ///   - parse: turns a text into the value, nil when it is not valid.
    public init(
        _ key: String, flag: String?, default defaultValue: Value, defaultText: String?, help: String, expected: String,
        isSecret: Bool = false, redact: @escaping @Sendable (String) -> String = { $0 },
        parse: @escaping @Sendable (String) -> Value?
    ) {
        description = SettingDescription(
            key: key, flag: flag, help: help, expected: expected, defaultText: defaultText, isSecret: isSecret,
            redact: redact, accepts: { parse($0) != nil })
        self.defaultValue = defaultValue
        self.parse = parse
    }

    /// The text for `--help`; see ``SettingDescription/helpText``.
    public var helpText: String { description.helpText }

    /// What the command line gave for this setting; nil when the flag was not used.
    public func given(_ text: String?) -> GivenFlag? {
        description.given(text)
    }
}

/// A value from the command line, made by ``Setting/given(_:)``.
public struct GivenFlag: Sendable {
    let key: String
    let text: String
}
