internal import FoundationEssentials

/// Signature version 4 of a POST request to the path `/` without a query
/// (`https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html`).
struct AWSSignature: Sendable {
    let canonicalRequest: CanonicalRequest
    let textToSign: String
    private let date: String
    private let region: String
    private let service: String

    /// - Parameter headers: The header fields that are signed; they must be sent as they are here.
    init(
        headers: [(name: String, value: String)], body: String, region: String, service: String, secondsSince1970: Int
    ) {
        let timestamp = Self.timestamp(secondsSince1970: secondsSince1970)
        date = String(timestamp.prefix(8))
        self.region = region
        self.service = service
        canonicalRequest = CanonicalRequest(path: "/", headers: headers, bodyHash: Digest.sha256(body.utf8))
        textToSign = [
            "AWS4-HMAC-SHA256", timestamp, "\(date)/\(region)/\(service)/aws4_request",
            canonicalRequest.hash,
        ].joined(separator: "\n")
    }

    /// The value of the `Authorization` field.
    func authorization(keyID: String, secret: String) -> String {
        let signature = Digest.hexadecimal(Digest.hmacSHA256(key: signingKey(secret: secret), textToSign))
        return "AWS4-HMAC-SHA256 Credential=\(keyID)/\(date)/\(region)/\(service)/aws4_request, "
            + "SignedHeaders=\(canonicalRequest.signedHeaders), Signature=\(signature)"
    }

    /// The secret, narrowed down to one day, region and service.
    func signingKey(secret: String) -> [UInt8] {
        [date, region, service, "aws4_request"]
            .reduce(Array("AWS4\(secret)".utf8)) { key, part in Digest.hmacSHA256(key: key, part) }
    }

    /// `yyyyMMdd'T'HHmmss'Z'`, in UTC.
    static func timestamp(secondsSince1970: Int) -> String {
        Date(timeIntervalSince1970: Double(secondsSince1970))
            .formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }
}
