public import ArgumentParser

/// The flags that every daemon has.
public struct SharedOptions: ParsableArguments {
    @Option(name: [.customShort("l"), .long], help: ArgumentHelp(Setting.logLevel.helpText))
    var logLevel: String?

    @Option(help: ArgumentHelp(Setting.logFormat.helpText))
    var logFormat: String?

    @Option(help: ArgumentHelp(Setting.operationsHost.helpText))
    var operationsHost: String?

    @Option(help: "The port of /healthz, /readyz and /metrics; 0 turns it off. (environment: SMS_OPERATIONS_PORT)")
    var operationsPort: String?

    @Option(help: ArgumentHelp(Setting.configurationFile.helpText))
    var config: String?

    /// For the argument parser.
    public init() {}

    /// The settings as the command line gives them: these flags, and a program's own by their keys.
    ///
    /// - Throws: ``ConfigurationError`` when a source of settings cannot be read.
    public func settings(
        _ declared: [SettingDescription], _ own: [String: String?]
    ) throws(ConfigurationError) -> Settings {
        let shared = [
            "log.level": logLevel, "log.format": logFormat, "operations.host": operationsHost,
            "operations.port": operationsPort, "config": config,
        ]
        let given = own.merging(shared) { mine, _ in mine }
        return try Settings(declared: declared, flags: declared.map { $0.given(given[$0.key] ?? nil) })
    }
}

extension [SettingDescription] {
    /// The help text of the setting with that key, for a flag's declaration.
    public func help(_ key: String) -> ArgumentHelp {
        ArgumentHelp(first { $0.key == key }?.helpText ?? "")
    }
}
