import ArgumentParser
import Operations
import VerificationAPI

@main
struct APICommand: AsyncParsableCommand {
    private static let settings = APIConfiguration.settings

    static let configuration = CommandConfiguration(
        commandName: "sms-api",
        abstract: "Phone verification over HTTP: captchas, codes, and a job for each message.",
        discussion: "Without a flag:\n" + SettingDescription.environmentHelp(settings),
        version: Version.current)

    @Option(help: settings.help("api.host"))
    var host: String?

    @Option(help: settings.help("api.port"))
    var port: String?

    @Option(help: settings.help("broker.url"))
    var broker: String?

    @Option(help: settings.help("store.url"))
    var store: String?

    @Option(name: [.customShort("Q"), .long], help: settings.help("queue"))
    var queue: String?

    @Option(help: settings.help("public.url"))
    var publicURL: String?

    @Option(help: settings.help("countries"))
    var countries: String?

    @Option(help: settings.help("allowed.origins"))
    var allowedOrigins: String?

    @Option(help: settings.help("limits.file"))
    var limits: String?

    @Option(help: settings.help("captcha.design"))
    var captchaDesign: String?

    @Option(help: settings.help("trusted.hops"))
    var trustedHops: String?

    @Option(help: settings.help("trusted.proxies"))
    var trustedProxies: String?

    @Flag(help: settings.help("proxy.protocol"))
    var proxyProtocol = false

    @Option(help: settings.help("seal.keyFile"))
    var seal: String?

    @Option(help: settings.help("callback.url"))
    var callbackURL: String?

    @Option(help: settings.help("receipt.keyFile"))
    var receiptKey: String?

    @Option(help: settings.help("receipt.audience"))
    var receiptAudience: String?

    @Flag(inversion: .prefixedNo, help: settings.help("tutorial.routes"))
    var tutorialRoutes: Bool?

    @Option(name: .customLong("tls-certificate"), help: settings.help("tls.certificateFile"))
    var tlsCertificate: String?

    @Option(name: .customLong("tls-key"), help: settings.help("tls.keyFile"))
    var tlsKey: String?

    @Option(help: settings.help("audit.keyFile"))
    var auditKey: String?

    @OptionGroup var daemon: DaemonOptions

    func run() async {
        await runProgram(name: "sms-api") {
            let settings = try daemon.settings(
                Self.settings,
                [
                    "api.host": host, "api.port": port, "broker.url": broker, "store.url": store, "queue": queue,
                    "public.url": publicURL, "countries": countries, "allowed.origins": allowedOrigins,
                    "limits.file": limits, "captcha.design": captchaDesign, "trusted.hops": trustedHops,
                    "trusted.proxies": trustedProxies, "proxy.protocol": proxyProtocol ? "yes" : nil,
                    "seal.keyFile": seal, "receipt.keyFile": receiptKey,
                    "receipt.audience": receiptAudience, "callback.url": callbackURL,
                    "tutorial.routes": tutorialRoutes.map { $0 ? "yes" : "no" },
                    "tls.certificateFile": tlsCertificate, "tls.keyFile": tlsKey, "audit.keyFile": auditKey,
                ])
            if daemon.isCheck {
                try APIProgram.check(settings)
            } else {
                try await APIProgram.run(settings)
            }
        }
    }
}
