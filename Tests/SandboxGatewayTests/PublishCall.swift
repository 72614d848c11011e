import Crypto
import Foundation
import NIOHTTP1
import SandboxGateway

/// A Publish call of Amazon SNS, signed by hand. Every part can be spoilt.
struct PublishCall: Sendable {
    var accessKeyID = SandboxAccount.demo.amazonSNS.accessKeyID
    var secret = SandboxAccount.demo.amazonSNS.secretAccessKey
    var region = SandboxAccount.demo.amazonSNS.region
    var service = "sns"
    var terminator = "aws4_request"
    var host = "sns.us-east-1.amazonaws.com"
    var timestamp: String
    /// The date that the key is good for, if it is not the time stamp's.
    var scopeDate: String?
    var sendsTimestamp = true
    var contentType = "application/x-www-form-urlencoded; charset=utf-8"
    var signedHeaders = ["content-type", "host", "x-amz-date"]
    var otherHeaders: [(String, String)] = []
    /// What is put in place of the right header; an empty string leaves the header out.
    var authorization: String?
    var action: String? = "Publish"
    var version: String? = "2010-03-31"
    var number: String? = "+8613800138000"
    var text: String? = "Your code is 012345"
    var attribute: (name: String, type: String?, value: String?) = (
        "AWS.SNS.SMS.SMSType", "String", "Transactional"
    )
    /// What is put in place of the right body before it is signed.
    var wholeBody: String?
    /// What is sent after the body was signed.
    var sentBody: String?

    init(at date: Date = Date()) {
        timestamp = Self.stamp(date)
    }

    static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        return formatter.string(from: date)
    }

    var body: String {
        let entry = "MessageAttributes.entry.1"
        return wholeBody
            ?? formBody([
                "Action": action, "Version": version, "PhoneNumber": number, "Message": text,
                "\(entry).Name": attribute.name, "\(entry).Value.DataType": attribute.type,
                "\(entry).Value.StringValue": attribute.value,
            ])
    }

    var headers: HTTPHeaders {
        var headers = HTTPHeaders([("Host", host), ("Content-Type", contentType)] + otherHeaders)
        if sendsTimestamp { headers.add(name: "X-Amz-Date", value: timestamp) }
        let authorization = authorization ?? signature
        if !authorization.isEmpty { headers.add(name: "Authorization", value: authorization) }
        return headers
    }

    private var signature: String {
        let date = scopeDate ?? String(timestamp.prefix(8))
        let scope = "\(date)/\(region)/\(service)/\(terminator)"
        let known = ["content-type": contentType, "host": host, "x-amz-date": timestamp]
            .merging(otherHeaders) { first, _ in first }
        let lines = signedHeaders.map { "\($0):\(known[$0] ?? "")\n" }.joined()
        let names = signedHeaders.joined(separator: ";")
        let request = "POST\n/\n\n\(lines)\n\(names)\n\(hexadecimal(SHA256.hash(data: Data(body.utf8))))"
        let text = """
            AWS4-HMAC-SHA256
            \(timestamp)
            \(scope)
            \(hexadecimal(SHA256.hash(data: Data(request.utf8))))
            """
        var key = Data("AWS4\(secret)".utf8)
        for part in [date, region, service, terminator, text] {
            key = Data(HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: SymmetricKey(data: key)))
        }
        return """
            AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(hexadecimal(key))
            """
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}
