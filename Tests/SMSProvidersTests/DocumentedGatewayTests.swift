import AsyncHTTPClient
import Foundation
import SMSProviders
import TestSupport
import Testing

/// The gateway that the documentation shows for a beginning of one's own, beside the client that calls it.
@Suite(.timeLimit(.minutes(5))) struct DocumentedGatewayTests {
    private static let secret = "whsec_\(Data(0..<32).base64EncodedString())"

    private func send(_ taskID: String = "task-1", to port: Int, _ secret: String = secret) async throws -> SendResult {
        let configuration = SignedWebhookConfiguration(url: "http://127.0.0.1:\(port)/send", secrets: [secret])
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        let result = await SignedWebhook(configuration: configuration, client: client).send(
            OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: taskID))
        try await client.shutdown()
        return result
    }

    @Test func itTakesEachMessageOnceAndNoneThatIsSignedByAnother() async throws {
        let article = "\(TestPython.packageFolder)/Sources/DeliveryWorker/DeliveryWorker.docc/OwnGateway.md"
        let blocks = try String(contentsOfFile: article, encoding: .utf8).split(separator: "```")
        let gateway = try #require(blocks.first { $0.hasPrefix("python\n") }).dropFirst("python\n".count)
        let port = try freePort()
        let program = try Program.start(
            "python3", ["-c", String(gateway)], environment: ["SECRET": Self.secret, "PORT": "\(port)"])
        try await eventually("it takes a message") { try await send(to: port).outcome == .accepted }
        let repeated = try await send(to: port)
        #expect(repeated.outcome == .accepted && repeated.messageID == "task-1")
        #expect(try await send("task-2", to: port).outcome == .accepted)
        let foreign = "whsec_\(Data(1..<33).base64EncodedString())"
        #expect(try await send("task-3", to: port, foreign).outcome == .badConfiguration(.auth))
        program.signal(SIGTERM)
        _ = try await program.waitForExit()
        #expect(program.output == String(repeating: "to +8613800138000 the code 012345\n", count: 2))
    }
}
