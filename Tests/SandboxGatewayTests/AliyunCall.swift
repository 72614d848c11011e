import Crypto
import Foundation
import NIOHTTP1
import SandboxGateway

/// A SendSms call to Aliyun written out by hand. Every part can be spoilt.
struct AliyunCall: Sendable {
    var accessKeyID = SandboxAccount.demo.aliyun.accessKeyID
    var accessKeySecret = SandboxAccount.demo.aliyun.accessKeySecret
    var host = "dysmsapi.example.com"
    var parameters: [String: String] = [
        "PhoneNumbers": "13800138000", "SignName": SandboxAccount.demo.aliyun.signName,
        "TemplateCode": SandboxAccount.demo.aliyun.templateCode,
        "TemplateParam": #"{"code":"012345"}"#, "OutId": "job 1/2*~+",
    ]
    /// What is put in place of the encoded parameters before signing.
    var rawParameters: String?
    /// Whether the parameters go into the body, not into the query.
    var asForm = false
    var action = "SendSms"
    var version = "2017-05-25"
    var date: String
    var nonce = UUID().uuidString
    /// Names that are left out of the list of signed headers.
    var unsigned: Set<String> = []
    /// What is done to the headers after signing.
    var spoilHeaders: @Sendable (inout HTTPHeaders) -> Void = { _ in }
    /// What is done to the query and the body after signing.
    var spoilParameters: @Sendable (String) -> String = { $0 }

    init(at date: Date = Date()) {
        self.date = Self.stamp(date)
    }

    static func stamp(_ date: Date) -> String {
        date.formatted(.iso8601)
    }

    private var encodedParameters: String {
        if let rawParameters { return rawParameters }
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
        return parameters.sorted { $0.key < $1.key }
            .map { name, value in
                "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")"
            }.joined(separator: "&")
    }

    var path: String { asForm ? "/" : "/?" + spoilParameters(encodedParameters) }

    var body: String? { asForm ? spoilParameters(encodedParameters) : nil }

    var headers: HTTPHeaders {
        let payload = hex(SHA256.hash(data: Data((asForm ? encodedParameters : "").utf8)))
        var signed = [
            "host": host, "x-acs-action": action, "x-acs-content-sha256": payload, "x-acs-date": date,
            "x-acs-signature-nonce": nonce, "x-acs-version": version,
        ]
        if asForm { signed["content-type"] = "application/x-www-form-urlencoded" }
        let names = signed.keys.filter { !unsigned.contains($0) }.sorted()
        let lines = names.map { "\($0):\(signed[$0] ?? "")\n" }.joined()
        let list = names.joined(separator: ";")
        let request = "POST\n/\n\(asForm ? "" : encodedParameters)\n\(lines)\n\(list)\n\(payload)"
        let text = "ACS3-HMAC-SHA256\n\(hex(SHA256.hash(data: Data(request.utf8))))"
        let key = SymmetricKey(data: Data(accessKeySecret.utf8))
        let signature = hex(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        var headers = HTTPHeaders(signed.map { ($0.key, $0.value) })
        headers.add(
            name: "Authorization",
            value: "ACS3-HMAC-SHA256 Credential=\(accessKeyID),SignedHeaders=\(list),Signature=\(signature)")
        spoilHeaders(&headers)
        return headers
    }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
}

extension RunningSandbox {
    func answer(to call: AliyunCall) async throws -> Answer {
        try await request(.POST, call.path, headers: call.headers, body: call.body)
    }

    /// Makes a call and returns the answer's code.
    func send(_ call: AliyunCall) async throws -> String {
        let answer = try await answer(to: call)
        return try answer.json()["Code"] as? String ?? "no Code: \(answer.text)"
    }
}
