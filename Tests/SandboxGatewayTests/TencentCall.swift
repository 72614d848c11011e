import Crypto
import Foundation
import NIOHTTP1
import SandboxGateway

/// A SendSms call to Tencent Cloud written out by hand. Every part can be spoilt.
struct TencentCall: Sendable {
    var secretID = SandboxAccount.demo.tencent.secretID
    var secretKey = SandboxAccount.demo.tencent.secretKey
    var host = "sms.example.com"
    var action = "SendSms"
    var version = "2021-01-11"
    var region = "ap-guangzhou"
    var timestamp: Int
    /// What is put in place of the day of the time stamp.
    var day: String?
    var contentType = "application/json; charset=utf-8"
    var signedHeaders = ["content-type", "host"]
    /// The body's members, as JSON.
    var members = [
        "PhoneNumberSet": #"["+8613800138000"]"#, "SmsSdkAppId": "\"\(SandboxAccount.demo.tencent.appID)\"",
        "TemplateId": "\"\(SandboxAccount.demo.tencent.templateID)\"",
        "SignName": "\"\(SandboxAccount.demo.tencent.signName)\"", "TemplateParamSet": #"["012345","5"]"#,
        "SessionContext": #""job-01""#,
    ]
    /// What is put in place of the right body before signing.
    var wholeBody: String?
    /// What is done to the headers after signing.
    var spoilHeaders: @Sendable (inout HTTPHeaders) -> Void = { _ in }
    /// What is done to the body after signing.
    var spoilBody: @Sendable (String) -> String = { $0 }

    init(at date: Date = Date()) {
        timestamp = Int(date.timeIntervalSince1970)
    }

    private var signedBody: String {
        wholeBody ?? "{" + members.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    var body: String { spoilBody(signedBody) }

    var headers: HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": contentType, "Host": host, "X-TC-Action": action, "X-TC-Version": version,
            "X-TC-Timestamp": "\(timestamp)", "X-TC-Region": region,
        ]
        let lines = signedHeaders.map { "\($0):\(headers[$0].joined().lowercased())\n" }.joined()
        let list = signedHeaders.joined(separator: ";")
        let request = "POST\n/\n\n\(lines)\n\(list)\n\(hex(SHA256.hash(data: Data(signedBody.utf8))))"
        let day = day ?? String(Date(timeIntervalSince1970: Double(timestamp)).formatted(.iso8601).prefix(10))
        let scope = "\(day)/sms/tc3_request"
        let hash = hex(SHA256.hash(data: Data(request.utf8)))
        var key = SymmetricKey(data: Data("TC3\(secretKey)".utf8))
        for part in [day, "sms", "tc3_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        let text = "TC3-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hash)"
        let signature = hex(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        headers.add(
            name: "Authorization",
            value: "TC3-HMAC-SHA256 Credential=\(secretID)/\(scope), SignedHeaders=\(list), Signature=\(signature)")
        spoilHeaders(&headers)
        return headers
    }
}

extension RunningSandbox {
    /// Makes a call and returns what is in the answer's `Response`.
    func response(to call: TencentCall) async throws -> NSDictionary {
        let answer = try await request(.POST, "/", headers: call.headers, body: call.body)
        return try answer.json()["Response"] as? NSDictionary ?? ["status": answer.status, "text": answer.text]
    }

    /// Makes a call and returns the code for the request or, if that is in order, for its first number.
    func send(_ call: TencentCall) async throws -> String {
        let response = try await response(to: call)
        let statuses = response["SendStatusSet"] as? [NSDictionary]
        let holder = response["Error"] as? NSDictionary ?? statuses?.first
        return holder?["Code"] as? String ?? "no Code: \(response)"
    }
}
