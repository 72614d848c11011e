/// Worked examples of the vendor's request and of its signatures, checked against the vendor's own library. The signatures
/// cover the identifiers with their many X, which are the vendor's own placeholders.
struct TwilioVectors: Decodable, Sendable {
    var request: Request
    var callback: Callback
    /// The sample of the vendor's documentation.
    var published: Published

    struct Request: Decodable, Sendable {
        var user: String
        var password: String
        var authorization: String
        var body: String
    }

    struct Callback: Decodable, Sendable {
        var authToken: String
        var url: String
        var params: [String: String]
        var signatureSha1: String
        var signatureSha1WithPort443: String
        var sharedKeySecret: String
        var signatureSha256: String
        var jsonUrl: String
        var jsonBody: String
        var jsonSignature: String
        var dupUrl: String
        var dupSignature: String
    }

    struct Published: Decodable, Sendable {
        var authToken: String
        var url: String
        var params: [String: String]
        var signature: String
    }

    static let all: TwilioVectors = resource("twilio-vectors")
}

/// One row of the vendor's code list.
struct TwilioCodeRow: Decodable, Sendable {
    var code: String
    var `class`: String
    var reason: String

    static let all: [TwilioCodeRow] = resource("twilio-codes")
}
