import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

/// The connections that calls go over.
@Suite(.timeLimit(.minutes(5))) struct GatewayConnectionTests {
    @Test func aBusyConnectionIsReplacedFromTimeToTime() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(GatewayCall.aliyun.success.utf8.count)\r\n\r\n"
        try await ScriptedGateway.with(.begin(answer + GatewayCall.aliyun.success)) { gateway in
            let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
            let provider = GatewayCall.aliyun.provider("http://127.0.0.1:\(gateway.port)", client)
            let most = HTTPClient.Configuration.callsOfConnection
            var calls = 0
            // There may be several connections, one for each event loop.
            while gateway.mostOfConnection < most || calls < 4 * most {
                let outcome = await provider.send(.example).outcome
                #expect(outcome == .accepted)
                calls += 1
            }
            try await client.shutdown()
            #expect(gateway.requests.count == calls)
            #expect(gateway.mostOfConnection == most)
        }
    }

    @Test func aCallThatBreaksOffWhileItIsWrittenMayHaveBeenSent() async throws {
        try await ScriptedGateway.with(.resetWhileWritten) { gateway in
            let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
            let http = GatewayHTTP(client: client, callTimeout: .seconds(20), bodyLimit: 65_536)
            // More than the buffers of both ends hold.
            let body = ByteBuffer(repeating: 0x20, count: 64 << 20)
            let url = "http://127.0.0.1:\(gateway.port)/"
            let failure = await #expect(throws: GatewayFailure.self) {
                try await http.post(url, headers: [:], body: body)
            }
            try await client.shutdown()
            #expect(failure?.result.outcome == .unknown(.ambiguous))
            #expect(gateway.requests.isEmpty, "it was not read to its end")
        }
    }
}
