internal import Logging
internal import NIOCore
internal import NIOPosix
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
            help: "Let numbers that end in 50 to 63 bring about the vendors' faults")
    }
}

extension Setting where Value == [FaultSwitch] {
    /// The faults that are on from the start: `--faults`, `SMS_SANDBOX_FAULTS`.
    static var sandboxFaults: Setting {
        Setting(
            "sandbox.faults", flag: "--faults", default: [], defaultText: nil,
            help: "Faults that are on from the start, in the JSON that PUT /faults takes",
            expected: #"JSON like {"provider": "twilio", "fault": "hang", "count": 3}, or a list of such"#
        ) { try? FaultSwitch.read(json: $0.utf8) }
    }
}

extension Setting where Value == [Provider: String] {
    /// Where delivery reports go: `--report-urls`, `SMS_SANDBOX_REPORT_URLS`.
    static var sandboxReportURLs: Setting {
        Setting(
            "sandbox.reportURLs", flag: "--report-urls", default: [:], defaultText: nil,
            help: "Where delivery reports go: provider=URL, separated by commas",
            expected: "provider=URL, separated by commas, each provider once"
        ) { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.entry)
            let entries = parts.compactMap { $0 }
            guard entries.count == parts.count else { return nil }
            let urls = Dictionary(entries) { first, _ in first }
            return urls.count == parts.count ? urls : nil
        }
    }

    private static func entry(_ text: Substring) -> (Provider, String)? {
        let sides = text.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, let provider = Provider(rawValue: sides[0].trimmed) else { return nil }
        let url = sides[1].trimmed
        return url.hasPrefix("http://") || url.hasPrefix("https://") ? (provider, url) : nil
    }
}

extension Setting where Value == Duration {
    /// From the taking of a message to its arrival and report: `--report-delay`, `SMS_SANDBOX_REPORT_DELAY`.
    static var sandboxReportDelay: Setting {
        .seconds(
            "sandbox.reportDelay", flag: "--report-delay", in: 0...86_400, default: 1,
            help: "Seconds until a message arrives and its delivery report goes out")
    }

    /// From the taking of a message to a report that is late: `--late-report-delay`, `SMS_SANDBOX_LATE_REPORT_DELAY`.
    static var sandboxLateReportDelay: Setting {
        .seconds(
            "sandbox.lateReportDelay", flag: "--late-report-delay", in: 0...86_400, default: 330,
            help: "Seconds until a late delivery report goes out")
    }
}

extension Setting where Value == YuntongxunReportFormat {
    /// How Yuntongxun's reports are written: `--yuntongxun-reports`, `SMS_SANDBOX_YUNTONGXUN_REPORTS`.
    static var sandboxYuntongxunReports: Setting {
        .choice(
            "sandbox.yuntongxunReports", flag: "--yuntongxun-reports", default: .json,
            help: "How Yuntongxun's delivery reports are written: json or xml")
    }
}

/// The whole of sms-sandbox, from settings to the end of the process.
public enum SandboxProgram {
    /// Every setting of the program, for its help and its configuration file.
    public static let settings: [SettingDescription] = [
        Setting.sandboxHost.description, Setting.sandboxPort.description, Setting.sandboxNumberInterval.description,
        Setting.sandboxMagicNumbers.description, Setting.sandboxFaults.description,
        Setting.sandboxReportURLs.description, Setting.sandboxReportDelay.description,
        Setting.sandboxLateReportDelay.description, Setting.sandboxYuntongxunReports.description,
        Setting.logLevel.description, Setting.logFormat.description, Setting.configurationFile.description,
    ]

    /// Lets everything run on the threads that read from the connections: a call is answered where it came in, without
    /// a change of threads. To be called once, as the first thing on the main thread.
    public static func useThreadsOfConnections() {
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when the port is taken.
    public static func run(_ settings: Settings) async throws {
        var configuration = SandboxConfiguration()
        configuration.host = try settings.read(.sandboxHost)
        configuration.port = try settings.read(.sandboxPort)
        configuration.numberInterval = try settings.read(.sandboxNumberInterval)
        configuration.magicNumbers = try settings.read(.sandboxMagicNumbers) == .yes
        configuration.faults = try settings.read(.sandboxFaults)
        configuration.reportURLs = try settings.read(.sandboxReportURLs)
        configuration.reportDelay = try settings.read(.sandboxReportDelay)
        configuration.lateReportDelay = try settings.read(.sandboxLateReportDelay)
        configuration.yuntongxunReportFormat = try settings.read(.sandboxYuntongxunReports)
        let logger = try startLogging(program: "sms-sandbox", settings: settings)
        let sandbox = SandboxServer(configuration: configuration, logger: logger)
        let runner = ServiceRunner(logger: logger, readiness: Readiness())
        try await runner.run([sandbox], operations: nil) {
            printNow(try await sandbox.banner())
        }
    }
}
