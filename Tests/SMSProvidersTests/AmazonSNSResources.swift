/// A worked example of a signed Publish request, checked against the vendor's own library.
struct AmazonSNSVector: Decodable, Sendable {
    var accessKeyId: String
    var secret: String
    var secondsSince1970: Int
    var body: String
    var headers: [String: String]
    var canonicalRequest: String
    var stringToSign: String
    var signingKey: String
    var authorization: String

    static let all: [AmazonSNSVector] = resource("sns-vectors")
}

/// One row of the vendor's code list.
struct AmazonSNSCodeRow: Decodable, Sendable {
    var code: String
    var `class`: String
    var reason: String

    static let all: [AmazonSNSCodeRow] = resource("sns-codes")
}
