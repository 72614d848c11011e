import AsyncHTTPClient
import Testing

@testable import SMSProviders

/// Nothing of a message leaves after its latest instant, whatever was waited for before.
@Suite("A message that is too late", .timeLimit(.minutes(5)))
struct LatestInstantTests {
    private func message(latest: ContinuousClock.Instant) -> OutgoingMessage {
        var message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")
        message.latest = latest
        return message
    }

    private func withClient<Value>(
        connections: Int = 8, _ body: (HTTPClient) async throws -> Value
    ) async throws -> Value {
        let client = HTTPClient(
            configuration: .smsGateway(connectTimeout: .seconds(20), connections: connections))
        let value = try await body(client)
        try await client.shutdown()
        return value
    }

    private static func providers(_ url: String, _ client: HTTPClient) -> [any SMSProvider] {
        [
            Yuntongxun(
                configuration: YuntongxunConfiguration(baseURL: url, accountSID: "a", authToken: "b", appID: "c"),
                client: client),
            GatewayCall.aliyun.provider(url, client), GatewayCall.tencent.provider(url, client),
            Twilio(
                configuration: TwilioConfiguration(
                    baseURL: url, accountSID: "AC00", authToken: "b", sender: "+15005550006"), client: client),
            AmazonSNS(
                configuration: AmazonSNSConfiguration(
                    baseURL: url, region: "us-east-1", accessKeyID: "a", secretAccessKey: "b"), client: client),
            SignedWebhook(
                configuration: SignedWebhookConfiguration(url: url, secrets: [WebhookVectors.all.send.secret]),
                client: client),
        ]
    }

    @Test("does not leave, with any provider")
    func allProviders() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            try await withClient { client in
                for provider in Self.providers("http://127.0.0.1:\(gateway.port)", client) {
                    let result = await provider.send(message(latest: .now))
                    #expect(result.outcome == .retry(.expired), "\(provider.name)")
                }
            }
            #expect(gateway.requests.isEmpty)
        }
    }

    @Test("leaves in good time")
    func inTime() async throws {
        try await ScriptedGateway.with(.answer("200 OK", #"{"statusCode":"000000"}"#)) { gateway in
            try await withClient { client in
                let provider = Self.providers("http://127.0.0.1:\(gateway.port)", client)[0]
                #expect(await provider.send(message(latest: .now + .seconds(60))).outcome == .accepted)
            }
        }
    }

    @Test("does not leave either when it had to wait for a connection")
    func afterWaiting() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            try await withClient(connections: 1) { client in
                var configuration = YuntongxunConfiguration(
                    baseURL: "http://127.0.0.1:\(gateway.port)", accountSID: "a", authToken: "b", appID: "c")
                configuration.callTimeout = .seconds(2)
                let first = Yuntongxun(configuration: configuration, client: client)
                configuration.callTimeout = .seconds(20)
                let second = Yuntongxun(configuration: configuration, client: client)
                async let taken = first.send(message(latest: .now + .seconds(60)))
                while gateway.requests.isEmpty { await Task.yield() }
                // The only connection is taken until the first call is given up.
                let late = await second.send(message(latest: .now + .milliseconds(100)))
                #expect(late.outcome == .retry(.expired))
                #expect(await taken.outcome == .unknown(.ambiguous))
            }
            #expect(gateway.requests.count == 1)
        }
    }
}
