internal import FoundationEssentials
internal import NIOCore

/// The receiver's answer: what its HTTP status says, and for a success its body.
struct SignedWebhookReply: Sendable, Equatable {
    let result: SendResult

    init(_ reply: GatewayReply) {
        result = (200..<300).contains(reply.status) ? Self.result(ofSuccess: reply) : Self.result(ofStatus: reply)
    }

    private static func result(ofSuccess reply: GatewayReply) -> SendResult {
        if reply.body.readableBytes == 0 { return SendResult(.accepted, detail: "accepted") }
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(reply.body.readableBytesView)),
            let outcome = outcome(of: body, reply)
        else { return reply.resultByStatus }
        let words = [body.status, outcome.reason?.rawValue, body.code.map { "code \($0)" }].compactMap(\.self)
        return SendResult(
            outcome, vendorCode: body.code, messageID: outcome == .accepted ? body.messageID : nil,
            retryAfter: outcome == .retry(.internal) ? body.retryAfter ?? reply.retryAfter : nil,
            detail: words.joined(separator: ", "))
    }

    /// Nil for a word that is not known.
    private static func outcome(of body: Body, _ reply: GatewayReply) -> SendOutcome? {
        let delay = body.retryAfter ?? reply.retryAfter
        return switch (body.status, body.class) {
        case ("accepted", _): .accepted
        case ("retry", _): .retry(.internal)
        case ("rejected", "bad_number"): .badNumber(SignedWebhookCodes.badNumber(body.code))
        case ("rejected", "bad_config"): .badConfiguration(SignedWebhookCodes.badConfiguration(body.code))
        case ("rejected", "throttled"): .throttled(SignedWebhookCodes.throttled(body.code), retryAfter: delay)
        default: nil
        }
    }

    private static func result(ofStatus reply: GatewayReply) -> SendResult {
        let outcome = SignedWebhookCodes.outcome(of: reply)
        let words = outcome == .badConfiguration(.gone) ? ", it is gone for good" : ""
        return SendResult(
            outcome, retryAfter: outcome == .retry(.internal) ? reply.retryAfter : nil,
            detail: "HTTP \(reply.status)\(words)")
    }
}

/// The members that matter.
private struct Body: Decodable {
    var status: String
    var `class`: String?
    var code: String?
    var messageID: String?
    var retryAfter: Duration?

    private enum Member: String, CodingKey {
        case status
        case `class`
        case code
        case messageID = "provider_message_id"
        case retryAfter = "retry_after"
    }

    /// Only the status must be there; what else cannot be read counts as absent.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        status = try members.decode(String.self, forKey: .status)
        `class` = try? members.decode(String.self, forKey: .class)
        code = Self.word(try? members.decode(String.self, forKey: .code))
        messageID = Self.word(try? members.decode(String.self, forKey: .messageID))
        let seconds = try? members.decode(Double.self, forKey: .retryAfter)
        retryAfter = seconds.flatMap { $0 >= 0 ? .seconds(min($0, 86_400)) : nil }
    }

    /// What is fit for logs and for looking up a message later.
    private static func word(_ text: String?) -> String? {
        guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return text
    }
}
