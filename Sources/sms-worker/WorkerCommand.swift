import ArgumentParser
import DeliveryWorker
import Operations

@main
struct WorkerCommand: AsyncParsableCommand {
    private static let settings = DeliveryConfiguration.settings

    static let configuration = CommandConfiguration(
        commandName: "sms-worker",
        abstract: "Takes verification jobs off a Redis queue and sends the codes through an SMS gateway.",
        discussion: "Without a flag:\n" + SettingDescription.environmentHelp(settings),
        version: Version.current)

    @Option(help: settings.help("broker.url"))
    var broker: String?

    @Option(name: [.customShort("Q"), .long], help: settings.help("queue"))
    var queue: String?

    @Option(help: settings.help("queue.order"))
    var queueOrder: String?

    @Option(help: settings.help("result.backend"))
    var resultBackend: String?

    @Option(help: settings.help("periodic.tasks"))
    var periodicTasks: String?

    @Option(name: .shortAndLong, help: settings.help("concurrency"))
    var concurrency: String?

    @Option(name: [.customShort("n"), .long], help: settings.help("worker.name"))
    var hostname: String?

    @Option(help: settings.help("provider"))
    var provider: String?

    @Option(help: settings.help("callback.url"))
    var callbackURL: String?

    @Flag(inversion: .prefixedNo, help: settings.help("delivery.records"))
    var deliveryRecords: Bool?

    @Option(
        help:
            "The countries whose numbers are sent to, for --check-config's advice. (environment: SMS_COUNTRIES; default: CN)"
    )
    var countries: String?

    @Option(help: settings.help("on.unknown"))
    var onUnknown: String?

    @Option(help: settings.help("templates.file"))
    var templates: String?

    @Option(help: settings.help("codes.file"))
    var codes: String?

    @Option(help: settings.help("seal.keyFile"))
    var seal: String?

    @Option(help: settings.help("ack"))
    var ack: String?

    @OptionGroup var daemon: DaemonOptions

    static func main() async {
        DeliveryProgram.useOneThreadForHTTP()
        await main(nil)
    }

    func run() async {
        await runProgram(name: "sms-worker") {
            let settings = try daemon.settings(
                Self.settings,
                [
                    "broker.url": broker, "queue": queue, "queue.order": queueOrder,
                    "result.backend": resultBackend, "periodic.tasks": periodicTasks, "concurrency": concurrency,
                    "worker.name": hostname,
                    "provider": provider, "on.unknown": onUnknown, "callback.url": callbackURL,
                    "delivery.records": deliveryRecords.map { $0 ? "yes" : "no" }, "countries": countries,
                    "templates.file": templates,
                    "codes.file": codes, "seal.keyFile": seal, "ack": ack,
                ])
            if daemon.isCheck {
                try DeliveryProgram.check(settings)
            } else {
                try await DeliveryProgram.run(settings)
            }
        }
    }
}
