internal import FoundationEssentials

/// The signature TC3-HMAC-SHA256 of a POST request without a query
/// (`https://cloud.tencent.com/document/api/382/40467`).
struct TencentSignature: Sendable {
    let canonicalRequest: CanonicalRequest
    /// Date, service and a fixed word: what the signature is good for.
    let scope: String
    let textToSign: String
    private let date: String

    /// - Parameter headers: The header fields that are signed; they must be sent as they are here.
    init(path: String = "/", headers: [(name: String, value: String)], body: String, secondsSince1970: Int) {
        canonicalRequest = CanonicalRequest(path: path, headers: headers, bodyHash: Digest.sha256(body.utf8))
        date = Self.date(secondsSince1970: secondsSince1970)
        scope = "\(date)/\(Self.service)/\(Self.ending)"
        textToSign = "TC3-HMAC-SHA256\n\(secondsSince1970)\n\(scope)\n\(canonicalRequest.hash)"
    }

    /// The value of the `Authorization` field. The vendor wants a space after its commas.
    func authorization(secretID: String, secretKey: String) -> String {
        let signature = Digest.hexadecimal(Digest.hmacSHA256(key: signingKey(secretKey: secretKey), textToSign))
        return "TC3-HMAC-SHA256 Credential=\(secretID)/\(scope), SignedHeaders=\(canonicalRequest.signedHeaders), "
            + "Signature=\(signature)"
    }

    /// The secret, narrowed down to one day and service.
    func signingKey(secretKey: String) -> [UInt8] {
        [date, Self.service, Self.ending]
            .reduce(Array("TC3\(secretKey)".utf8)) { key, part in Digest.hmacSHA256(key: key, part) }
    }

    private static let service = "sms"
    private static let ending = "tc3_request"

    /// `yyyy-MM-dd` in UTC: the local date of China would be refused for eight hours of every day.
    private static func date(secondsSince1970: Int) -> String {
        Date(timeIntervalSince1970: Double(secondsSince1970)).formatted(.iso8601.year().month().day())
    }
}
