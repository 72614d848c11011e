import Crypto
import Foundation
import NIOHTTP1
import SandboxGateway

/// A call of the signed webhook, signed by hand. Every part can be spoilt.
struct WebhookCall: Sendable {
    var secret = SandboxAccount.demo.signedWebhook.secret
    var id = "job_01HV0000000000000000000001"
    var timestamp: String
    var contentType = "application/json"
    /// What is put in place of the right header; an empty string leaves the header out.
    var signatures: String?
    var type = "sms.send"
    var jobID: String? = "01HV0000000000000000000001"
    var to: String? = "+8613800138000"
    var template: String? = "login"
    var params: [String: String]? = ["code": "012345", "minutes": "5"]
    var text: String?
    var notAfter: Int?
    /// What is put in place of the right body before it is signed.
    var wholeBody: String?
    /// What is sent after the body was signed.
    var sentBody: String?

    init(at date: Date = Date()) {
        timestamp = "\(Int(date.timeIntervalSince1970))"
        notAfter = Int(date.timeIntervalSince1970) + 300
    }

    var body: String {
        get throws {
            if let wholeBody { return wholeBody }
            let members: [String: Any?] = [
                "type": type, "id": jobID, "to": to, "template": template, "locale": "zh-CN", "params": params,
                "text": text, "not_after": notAfter,
            ]
            let json = try JSONSerialization.data(
                withJSONObject: members.compactMapValues { $0 }, options: [.sortedKeys, .withoutEscapingSlashes])
            return String(decoding: json, as: UTF8.self)
        }
    }

    var headers: HTTPHeaders {
        get throws {
            HTTPHeaders(
                [
                    ("content-type", contentType), ("webhook-id", id), ("webhook-timestamp", timestamp),
                    ("webhook-signature", try signatures ?? signature),
                ].filter { !$0.1.isEmpty })
        }
    }

    var signature: String {
        get throws {
            let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data())
            let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(timestamp).\(try body)".utf8), using: key)
            return "v1," + Data(code).base64EncodedString()
        }
    }
}
