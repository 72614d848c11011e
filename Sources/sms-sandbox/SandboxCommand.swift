import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import SandboxGateway
import ServiceLifecycle
import UnixSignals

@main
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms-sandbox",
        abstract: "An SMS gateway that sends nothing: it checks requests like the real one and shows the messages.")

    @Option(help: "The address to listen on. (default: 127.0.0.1; environment: SMS_SANDBOX_HOST)")
    var host: String?

    @Option(help: "The port to listen on; 0 takes a free one. (default: 8090; environment: SMS_SANDBOX_PORT)")
    var port: UInt16?

    @Option(help: "Seconds until a number gets another message; 0 for no limit.")
    var numberInterval: UInt32 = 30

    func run() async throws {
        let sandbox = SandboxServer(configuration: try sandboxConfiguration(), logger: Logger(label: "sms-sandbox"))
        let group = ServiceGroup(
            configuration: .init(
                services: [sandbox], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "sms-sandbox")))
        async let banner = sandbox.banner()
        async let running: Void = group.run()
        if let banner = try? await banner {
            print(banner)
            fflush(nil)
        }
        try await running
    }

    private func sandboxConfiguration() throws -> SandboxConfiguration {
        let environment = ProcessInfo.processInfo.environment
        var configuration = SandboxConfiguration()
        configuration.host = host ?? environment["SMS_SANDBOX_HOST"] ?? configuration.host
        if let port = port.map(String.init) ?? environment["SMS_SANDBOX_PORT"] {
            guard let port = UInt16(port) else {
                throw ValidationError("SMS_SANDBOX_PORT=\(port) is not a port: write a number from 0 to 65535.")
            }
            configuration.port = Int(port)
        }
        configuration.numberInterval = .seconds(numberInterval)
        return configuration
    }
}
