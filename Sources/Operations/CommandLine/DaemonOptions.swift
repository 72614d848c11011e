public import ArgumentParser

/// The flags that every long-running program has.
public struct LoggingOptions: ParsableArguments {
    @Option(name: [.customShort("l"), .long], help: ArgumentHelp(Setting.logLevel.helpText))
    var logLevel: String?

    @Option(help: ArgumentHelp(Setting.logFormat.helpText))
    var logFormat: String?

    @Option(help: ArgumentHelp(Setting.configurationFile.helpText))
    var config: String?

    /// For the argument parser.
    public init() {}

    /// The settings as the command line gives them: these flags, and a program's own by their keys.
    ///
    /// - Throws: ``ConfigurationError`` when a source of settings cannot be read.
    public func settings(
        _ declared: [SettingDescription], _ own: [String: String?], isCheck: Bool = false
    ) throws(ConfigurationError) -> Settings {
        let shared = ["log.level": logLevel, "log.format": logFormat, "config": config]
        let given = own.merging(shared) { mine, _ in mine }
        return try Settings(
            declared: declared, flags: declared.map { $0.given(given[$0.key] ?? nil) }, isCheck: isCheck)
    }
}

/// The flags of a daemon with an operations port.
public struct DaemonOptions: ParsableArguments {
    @OptionGroup var logging: LoggingOptions

    @Option(help: ArgumentHelp(Setting.operationsHost.helpText))
    var operationsHost: String?

    @Option(
        help:
            "The port of health and metrics; 0 turns it off. (environment: SMS_OPERATIONS_PORT; default: sms-api 9180, sms-worker 9181)"
    )
    var operationsPort: String?

    @Flag(help: "Check the settings and the files that they name, say what is wrong with each, and end.")
    var checkConfig = false

    /// Nothing is to be started: the settings are checked, and that is all.
    public var isCheck: Bool { checkConfig }

    /// For the argument parser.
    public init() {}

    /// The settings as the command line gives them: these flags, and a program's own by their keys.
    ///
    /// - Throws: ``ConfigurationError`` when a source of settings cannot be read.
    public func settings(
        _ declared: [SettingDescription], _ own: [String: String?]
    ) throws(ConfigurationError) -> Settings {
        let shared = ["operations.host": operationsHost, "operations.port": operationsPort]
        return try logging.settings(declared, own.merging(shared) { mine, _ in mine }, isCheck: checkConfig)
    }
}

extension [SettingDescription] {
    /// The help text of the setting with that key, for a flag's declaration.
    public func help(_ key: String) -> ArgumentHelp {
        ArgumentHelp(first { $0.key == key }?.helpText ?? "")
    }
}
