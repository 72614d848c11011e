/// Worked examples of signed documents, checked against the library of Standard Webhooks.
struct WebhookVectors: Decodable, Sendable {
    var send: Document
    var report: Document
    /// The sample of the specification.
    var published: Document

    struct Document: Decodable, Sendable {
        var secretB64: String
        var id: String
        var timestamp: String
        var body: String
        var signature: String

        var secret: String { "whsec_\(secretB64)" }
    }

    var documents: [Document] { [send, report, published] }

    static let all: WebhookVectors = resource("webhook-vectors")
}
