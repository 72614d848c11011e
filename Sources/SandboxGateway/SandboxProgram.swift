internal import Logging
public import Operations

extension Setting where Value == String {
    /// The address that the sandbox listens on: `--host`, `SMS_SANDBOX_HOST`.
    static var sandboxHost: Setting {
        .string("sandbox.host", flag: "--host", default: "127.0.0.1", help: "The address to listen on")
    }
}

extension Setting where Value == Int {
    /// The port that the sandbox listens on: `--port`, `SMS_SANDBOX_PORT`.
    static var sandboxPort: Setting {
        .port("sandbox.port", flag: "--port", default: 8090, help: "The port to listen on")
    }
}

extension Setting where Value == Duration {
    /// The vendors' limit of messages to one number: `--number-interval`, `SMS_SANDBOX_NUMBER_INTERVAL`.
    static var sandboxNumberInterval: Setting {
        .seconds(
            "sandbox.numberInterval", flag: "--number-interval", in: 0...86_400, default: 30,
            help: "Seconds until a number gets another message; 0 for no limit")
    }
}

extension Setting where Value == Switch {
    /// Whether numbers choose their outcome: `--magic-numbers`, `SMS_SANDBOX_MAGIC_NUMBERS`.
    static var sandboxMagicNumbers: Setting {
        .choice(
            "sandbox.magicNumbers", flag: "--magic-numbers", default: .no,
            help: "Let numbers that end in 50 to 59 bring about the vendors' faults")
    }
}

/// The whole of sms-sandbox, from settings to the end of the process.
public enum SandboxProgram {
    /// Every setting of the program, for its help and its configuration file.
    public static let settings: [SettingDescription] = [
        Setting.sandboxHost.description, Setting.sandboxPort.description, Setting.sandboxNumberInterval.description,
        Setting.sandboxMagicNumbers.description,
        Setting.logLevel.description, Setting.logFormat.description, Setting.configurationFile.description,
    ]

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when the port is taken.
    public static func run(_ settings: Settings) async throws {
        var configuration = SandboxConfiguration()
        configuration.host = try settings.read(.sandboxHost)
        configuration.port = try settings.read(.sandboxPort)
        configuration.numberInterval = try settings.read(.sandboxNumberInterval)
        configuration.magicNumbers = try settings.read(.sandboxMagicNumbers) == .yes
        let logger = try startLogging(program: "sms-sandbox", settings: settings)
        let sandbox = SandboxServer(configuration: configuration, logger: logger)
        let runner = ServiceRunner(logger: logger, readiness: Readiness())
        try await runner.run([sandbox], operations: nil) {
            printNow(try await sandbox.banner())
        }
    }
}
