import Crypto
import Foundation
import NIOHTTP1
import SMSProviders
import SMSVerification
import Testing
import VerificationAPI

/// sms-api with all gateways' callbacks on, and what the gateways post to it.
struct CallbackSystem: Sendable {
    static let secrets = [
        "yuntongxun": "yuntongxun-0123456789abcdef", "aliyun": "aliyun-0123456789abcdef01",
        "tencent": "tencent-0123456789abcdef01",
    ]
    static let twilioToken = "made-up-auth-token-0000"
    static let webhookSecret = "whsec_bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI="
    /// Where Twilio believes the service to be: behind a proxy.
    static let publicAddress = "https://sms.example.com"

    let system: RunningVerificationAPI

    static func run(_ body: (CallbackSystem) async throws -> Void) async throws {
        var callbacks = CallbackConfiguration()
        func secret(_ name: String) throws -> CallbackSecret { try #require(CallbackSecret(secrets[name] ?? "")) }
        callbacks.gateways = [
            .yuntongxun(try secret("yuntongxun")), .aliyun(try secret("aliyun")), .tencent(try secret("tencent")),
            .twilio(.authToken(twilioToken), base: publicAddress),
            .webhook([try #require(WebhookSecret(webhookSecret))]),
        ]
        try await RunningVerificationAPI.run(callbacks: callbacks) { try await body(CallbackSystem(system: $0)) }
    }

    /// A message that a gateway has taken; it calls it `reference`.
    func accepted(_ job: String, by gateway: Gateway, reference: String) async throws {
        try await system.attempt(job, .accepted, by: gateway.rawValue, reference: reference)
    }

    func state(_ job: String) async throws -> String { try await system.deliveryState(job) }

    // MARK: - Gateways

    enum Gateway: String, CaseIterable, Sendable {
        case yuntongxun, aliyun, tencent, twilio, webhook
    }

    /// One report in the gateway's own form, proved in its own way.
    func report(
        _ gateway: Gateway, _ reference: String, delivered: Bool, job: String = "job"
    ) async throws -> RunningAPI.Answer {
        switch gateway {
        case .yuntongxun:
            return try await post(
                gateway,
                """
                {"Request":{"action":"SMSArrived","smsType":"1","apiVersion":"2013-12-26","content":"\(reference)",\
                "fromNum":"13912345678","dateSent":"20130923010000","recvTime":"20130923010010",\
                "status":"\(delivered ? "0" : "2")","deliverCode":"\(delivered ? "DELIVRD" : "UNDELIV")"}}
                """)
        case .aliyun:
            return try await post(
                gateway,
                """
                [{"phone_number":"13800138000","send_time":"2017-01-01 11:12:13","report_time":"2017-02-02 22:23:24",\
                "success":\(delivered),"err_code":"\(delivered ? "DELIVERED" : "MOBILE_NOT_ON_SERVICE")",\
                "err_msg":"","sms_size":"1","biz_id":"\(reference)","out_id":"\(job)"}]
                """)
        case .tencent:
            return try await post(
                gateway,
                """
                [{"user_receive_time":"2015-10-17 08:03:04","nationcode":"86","mobile":"13800138000",\
                "report_status":"\(delivered ? "SUCCESS" : "FAIL")","errmsg":"DELIVRD","description":"",\
                "sid":"\(reference)"}]
                """)
        case .twilio:
            let status = delivered ? "delivered" : "undelivered"
            return try await twilio(
                [("MessageSid", reference), ("MessageStatus", status), ("To", "+15005550009")], query: "job=\(job)")
        case .webhook:
            return try await webhook(
                """
                {"type":"sms.report","id":"rep_1","job_id":"\(job)","provider_message_id":"\(reference)",\
                "status":"\(delivered ? "delivered" : "failed")","at":1767323050}
                """)
        }
    }

    func post(_ gateway: Gateway, secret: String? = nil, _ body: String) async throws -> RunningAPI.Answer {
        let secret = secret ?? Self.secrets[gateway.rawValue] ?? ""
        return try await system.api.send(
            .POST, "/callbacks/\(gateway.rawValue)/\(secret)", headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
    }

    func twilio(
        _ fields: [(name: String, value: String)], query: String, token: String = twilioToken,
        signedAddress: String? = nil
    ) async throws -> RunningAPI.Answer {
        let address = signedAddress ?? "\(Self.publicAddress)/callbacks/twilio?\(query)"
        let text = address + fields.sorted { $0.name < $1.name }.map { $0.name + $0.value }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(token.utf8)))
        let form = fields.map { "\($0.name)=\($0.value.replacing("+", with: "%2B"))" }.joined(separator: "&")
        return try await system.api.send(
            .POST, "/callbacks/twilio?\(query)",
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Twilio-Signature", Data(code).base64EncodedString()),
            ],
            body: Array(form.utf8))
    }

    func webhook(
        _ body: String, secret: String = webhookSecret, age: Int = 0, signedBody: String? = nil
    ) async throws -> RunningAPI.Answer {
        let time = Int(Date().timeIntervalSince1970) - age
        let signature = WebhookSignature(secrets: [try #require(WebhookSecret(secret))])
            .sign(id: "rep_1", timestamp: time, body: (signedBody ?? body).utf8)
        return try await system.api.send(
            .POST, "/callbacks/webhook",
            headers: [
                ("Content-Type", "application/json"), ("webhook-id", "rep_1"), ("webhook-timestamp", "\(time)"),
                ("webhook-signature", signature),
            ],
            body: Array(body.utf8))
    }
}
