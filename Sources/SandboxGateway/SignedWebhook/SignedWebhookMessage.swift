internal import FoundationEssentials
internal import NIOCore

/// A call's body, checked: what goes to which phone.
struct SignedWebhookMessage: Equatable {
    let number: String
    /// The template's name.
    let template: String
    let text: String
    let code: String?

    private struct Body: Decodable {
        var type: String?
        var id: String?
        var to: String?
        var template: String?
        var params: [String: String]?
        var text: String?
        var notAfter: Double?

        enum CodingKeys: String, CodingKey {
            case type, id, to, template, params, text
            case notAfter = "not_after"
        }
    }

    init(_ bytes: ByteBuffer, at now: Date) throws(SignedWebhookFault) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView)) else {
            throw .bodyUnreadable
        }
        guard body.type == "sms.send" else { throw .typeUnknown }
        guard body.id?.isEmpty == false, let template = body.template, !template.isEmpty, let to = body.to,
            let text = body.text ?? Self.text(body.params ?? [:])
        else { throw .fieldMissing }
        guard to.isInternationalNumber else { throw .numberMalformed }
        if let notAfter = body.notAfter, notAfter <= now.timeIntervalSince1970 { throw .messageExpired }
        number = to
        self.template = template
        self.text = text
        code = body.params?["code"] ?? FreeText.code(in: text)
    }

    /// The sandbox's own words for a message that comes without its text, or nil if there is nothing to say.
    private static func text(_ parameters: [String: String]) -> String? {
        guard let code = parameters["code"] else { return nil }
        let validity = parameters["minutes"].map { " It is valid for \($0) minutes." }
        return "Your code is \(code).\(validity ?? "")"
    }
}
