import ArgumentParser
import Operations
import SandboxGateway

@main
struct SandboxCommand: AsyncParsableCommand {
    private static let settings = SandboxProgram.settings

    static let configuration = CommandConfiguration(
        commandName: "sms-sandbox",
        abstract: "An SMS gateway that sends nothing: it checks requests like the real one and shows the messages.",
        version: Version.current)

    @Option(help: settings.help("sandbox.host"))
    var host: String?

    @Option(help: settings.help("sandbox.port"))
    var port: String?

    @Option(help: settings.help("sandbox.numberInterval"))
    var numberInterval: String?

    @Flag(help: settings.help("sandbox.magicNumbers"))
    var magicNumbers = false

    @Option(help: settings.help("sandbox.faults"))
    var faults: String?

    @Option(name: .customLong("report-urls"), help: settings.help("sandbox.reportURLs"))
    var reportURLs: String?

    @Option(help: settings.help("sandbox.reportDelay"))
    var reportDelay: String?

    @Option(help: settings.help("sandbox.lateReportDelay"))
    var lateReportDelay: String?

    @Option(help: settings.help("sandbox.yuntongxunReports"))
    var yuntongxunReports: String?

    @OptionGroup var logging: LoggingOptions

    static func main() async {
        SandboxProgram.useThreadsOfConnections()
        await main(nil)
    }

    func run() async {
        await runProgram(name: "sms-sandbox") {
            let settings = try logging.settings(
                Self.settings,
                [
                    "sandbox.host": host, "sandbox.port": port, "sandbox.numberInterval": numberInterval,
                    "sandbox.magicNumbers": magicNumbers ? "yes" : nil, "sandbox.faults": faults,
                    "sandbox.reportURLs": reportURLs, "sandbox.reportDelay": reportDelay,
                    "sandbox.lateReportDelay": lateReportDelay, "sandbox.yuntongxunReports": yuntongxunReports,
                ])
            try await SandboxProgram.run(settings)
        }
    }
}
