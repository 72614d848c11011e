internal import ArgumentParser
internal import Operations
internal import RedisClient
internal import TaskQueue

/// `sms-queue web`
struct Web: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The console: the same for a browser, with plots of the last hour.",
        discussion: """
            It listens on this machine alone, and asks nobody who he is. On another address, and with a token, people sign \
            in with the token, of 32 characters or more: openssl rand -hex 32. Over a network let a proxy speak TLS, and \
            say --trust-https.

            Numbers, codes and other arguments are masked unless --reveal says otherwise. SIGINT or SIGTERM ends it.
            """)

    @Option(help: ArgumentHelp(Setting.webHost.helpText))
    var host: String?

    @Option(help: ArgumentHelp(Setting.webPort.helpText))
    var port: String?

    @Option(
        help: ArgumentHelp("File with what people sign in with (or SMS_WEB_TOKEN, SMS_WEB_TOKEN_FILE)"),
        completion: .file())
    var tokenFile: String?

    @Flag(help: ArgumentHelp(Setting.webReadOnly.helpText))
    var readOnly = false

    @Flag(name: .customLong("trust-https"), help: ArgumentHelp(Setting.webTrustHTTPS.helpText))
    var trustHTTPS = false

    @Option(help: ArgumentHelp(Setting.shownStore.helpText))
    var store: String?

    @Option(help: ArgumentHelp(Setting.limitsFile.helpText), completion: .file())
    var limits: String?

    @Option(help: ArgumentHelp(Setting.logLevel.helpText))
    var logLevel: String?

    @Option(help: ArgumentHelp(Setting.logFormat.helpText))
    var logFormat: String?

    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    private static let settings: [SettingDescription] = [
        Setting.webHost.description, Setting.webPort.description, Setting.webToken.description,
        Setting.webReadOnly.description, Setting.webTrustHTTPS.description, Setting.shownStore.description,
        Setting.limitsFile.description, Setting.logLevel.description, Setting.logFormat.description,
    ]

    func run() async {
        await runProgram(name: "sms-queue") {
            let settings = try options.settings(
                and: Self.settings,
                flags: [
                    Setting.webHost.given(host), Setting.webPort.given(port), Setting.webToken.given(try tokenInFile()),
                    Setting.webReadOnly.given(readOnly ? "yes" : nil),
                    Setting.webTrustHTTPS.given(trustHTTPS ? "yes" : nil), Setting.shownStore.given(store),
                    Setting.limitsFile.given(limits), Setting.logLevel.given(logLevel),
                    Setting.logFormat.given(logFormat),
                ])
            let configuration = try ConsoleConfiguration(settings, display: reveal.display)
            let logger = try startLogging(program: "sms-queue", settings: settings)
            let session = try options.session(settings)
            let verifications = try VerificationLimits(settings)
            guard limits == nil || verifications != nil else {
                throw ConfigurationError("--limits needs --store: the Redis of sms-api, in which they are counted")
            }
            try await session.client.whileRunning {
                try await VerificationLimits.whileRunning(verifications) {
                    let server = ConsoleServer(configuration, session, verifications, logger: logger)
                    try await ServiceRunner(logger: logger, readiness: Readiness()).run([server], operations: nil) {
                        printNow(try await server.banner())
                    }
                }
            }
        }
    }

    private func tokenInFile() throws(ConfigurationError) -> String? {
        guard let tokenFile else { return nil }
        do {
            return try textOfFile(tokenFile)
        } catch {
            throw ConfigurationError("cannot read \(tokenFile): \(error); correct --token-file")
        }
    }
}
