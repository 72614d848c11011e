import AsyncHTTPClient
import Foundation
import Testing

@testable import SMSProviders

/// Calls of one provider with its example account.
struct GatewayCall: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The answer that the message was taken.
    let success: String
    /// What no result may show, beside number and code.
    let secrets: [String]
    let provider: @Sendable (_ baseURL: String, HTTPClient) -> any SMSProvider

    /// Sends the message to an address and checks that the result gives nothing away.
    func send(to baseURL: String, mobile: String = "13800138000") async throws -> SendResult {
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        var message = OutgoingMessage.example
        message.mobile = mobile
        let result = await provider(baseURL, client).send(message)
        try await client.shutdown()
        for secret in secrets + ["012345", "13800138000"] { #expect(!"\(result)".contains(secret)) }
        return result
    }

    func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    static let aliyun = GatewayCall(
        testDescription: "Aliyun",
        success: #"{"RequestId":"A90E4451","Message":"OK","BizId":"9006^0","Code":"OK"}"#,
        secrets: [AliyunConfiguration.example.accessKeySecret, "Signature"]
    ) { baseURL, client in
        var configuration = AliyunConfiguration.example
        configuration.baseURL = baseURL
        configuration.callTimeout = .seconds(20)
        return Aliyun(configuration: configuration, client: client) {
            Date(timeIntervalSince1970: Double(AliyunVector.form.secondsSince1970))
        }
    }

    static let tencent = GatewayCall(
        testDescription: "Tencent",
        success:
            #"{"Response":{"SendStatusSet":[{"SerialNo":"5000:10","Fee":1,"Code":"Ok","Message":"send success"}]}}"#,
        secrets: [TencentConfiguration.example.secretKey, "Signature="]
    ) { baseURL, client in
        var configuration = TencentConfiguration.example
        configuration.baseURL = baseURL
        configuration.callTimeout = .seconds(20)
        return Tencent(configuration: configuration, client: client) {
            Date(timeIntervalSince1970: Double(TencentVector.message.timestamp))
        }
    }
}
