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

    @OptionGroup var daemon: DaemonOptions

    func run() async {
        await runProgram(name: "sms-api") {
            let settings = try daemon.settings(
                Self.settings,
                ["api.host": host, "api.port": port, "broker.url": broker, "store.url": store, "queue": queue])
            try await APIProgram.run(settings)
        }
    }
}
