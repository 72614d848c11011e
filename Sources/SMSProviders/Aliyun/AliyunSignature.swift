internal import FoundationEssentials

/// The signature ACS3-HMAC-SHA256 of a POST request (`https://help.aliyun.com/document_detail/2593177.html`).
struct AliyunSignature: Sendable {
    /// The header fields that are signed; every one of them must be sent as it is here.
    let headers: [(name: String, value: String)]
    let canonicalRequest: CanonicalRequest

    /// - Parameters:
    ///   - query: Names and values percent-encoded, ordered by name.
    ///   - contentType: Nil if there is no body.
    init(
        action: String, version: String, host: String, path: String = "/", query: String = "", contentType: String?,
        body: String, secondsSince1970: Int, nonce: String
    ) {
        let bodyHash = Digest.sha256(body.utf8)
        headers =
            (contentType.map { [(name: "content-type", value: $0)] } ?? []) + [
                (name: "host", value: host),
                (name: "x-acs-action", value: action),
                (name: "x-acs-content-sha256", value: bodyHash),
                (name: "x-acs-date", value: Self.timestamp(secondsSince1970: secondsSince1970)),
                (name: "x-acs-signature-nonce", value: nonce),
                (name: "x-acs-version", value: version),
            ]
        canonicalRequest = CanonicalRequest(path: path, query: query, headers: headers, bodyHash: bodyHash)
    }

    var textToSign: String { "ACS3-HMAC-SHA256\n\(canonicalRequest.hash)" }

    /// The value of the `Authorization` field. The vendor wants no spaces after its commas.
    func authorization(keyID: String, secret: String) -> String {
        let signature = Digest.hexadecimal(Digest.hmacSHA256(key: Array(secret.utf8), textToSign))
        return "ACS3-HMAC-SHA256 Credential=\(keyID),SignedHeaders=\(canonicalRequest.signedHeaders),"
            + "Signature=\(signature)"
    }

    /// `yyyy-MM-dd'T'HH:mm:ss'Z'`, in UTC.
    private static func timestamp(secondsSince1970: Int) -> String {
        Date(timeIntervalSince1970: Double(secondsSince1970)).formatted(.iso8601)
    }
}
