import Testing

@testable import SMSProviders

@Suite("A webhook signature")
struct WebhookSignatureTests {
    private let report = WebhookVectors.all.report

    private func signature(_ secrets: String...) throws -> WebhookSignature {
        WebhookSignature(secrets: try secrets.map { try #require(WebhookSecret($0)) })
    }

    private func isValid(
        _ signature: String? = nil, id: String? = nil, timestamp: String? = nil, body: String? = nil, at now: Int? = nil
    ) throws -> Bool {
        try self.signature(report.secret).isValid(
            signature ?? report.signature, id: id ?? report.id, timestamp: timestamp ?? report.timestamp,
            body: (body ?? report.body).utf8, secondsSince1970: now ?? 1_767_323_050)
    }

    @Test("equals the worked examples, and the sample of the specification")
    func vectors() throws {
        for document in WebhookVectors.all.documents {
            let signature = try signature(document.secret)
            let timestamp = try #require(Int(document.timestamp))
            #expect(
                signature.sign(id: document.id, timestamp: timestamp, body: document.body.utf8) == document.signature)
            #expect(
                signature.isValid(
                    document.signature, id: document.id, timestamp: document.timestamp, body: document.body.utf8,
                    secondsSince1970: timestamp))
        }
    }

    @Test("may be one of several, by one of several secrets")
    func rotation() throws {
        let other = WebhookVectors.all.published.secret
        let both = try signature(other, report.secret)
        let header = "v1a,AAAA \(report.signature) v1,AAAA"
        #expect(try isValid(header))
        #expect(
            both.isValid(
                report.signature, id: report.id, timestamp: report.timestamp, body: report.body.utf8,
                secondsSince1970: 1_767_323_050))
    }

    @Test("does not fit anything that was changed")
    func tampered() throws {
        #expect(try isValid())
        #expect(try !isValid(body: report.body + " "))
        #expect(try !isValid(id: "rep_2"))
        #expect(try !isValid(timestamp: "1767323051"))
        #expect(try !isValid(timestamp: "01767323050"))
        #expect(try !isValid(timestamp: "now"))
        for wrong in ["", "v1,", "v1", "v2," + report.signature.dropFirst(3), String(report.signature.dropFirst(3))] {
            #expect(try !isValid(wrong))
        }
    }

    @Test("is fresh for five minutes", arguments: [(-301, false), (-300, true), (300, true), (301, false)])
    func freshness(seconds: Int, expected: Bool) throws {
        #expect(try isValid(at: 1_767_323_050 + seconds) == expected)
    }

    @Test("is not accepted for an identifier with a dot, since it could be read in two ways")
    func dottedIdentifier() throws {
        let signature = try signature(report.secret)
        let header = signature.sign(id: "a.1", timestamp: 1_767_323_050, body: "x".utf8)
        #expect(
            !signature.isValid(
                header, id: "a.1", timestamp: "1767323050", body: "x".utf8, secondsSince1970: 1_767_323_050))
    }

    @Test("needs a secret of 24 to 64 bytes, which is never printed")
    func secrets() {
        #expect(WebhookSecret("whsec_" + String(repeating: "A", count: 32)) != nil)
        #expect(WebhookSecret("whsec_" + String(repeating: "A", count: 28)) == nil)
        #expect(WebhookSecret("whsec_" + String(repeating: "A", count: 88)) == nil)
        #expect(WebhookSecret(String(repeating: "A", count: 32)) == nil)
        #expect(WebhookSecret("whsec_!") == nil)
        let secret = WebhookSecret(report.secret)
        #expect(!"\(secret as Any)\(String(reflecting: secret))".contains("109"))
    }
}
