internal import FoundationEssentials
internal import NIOCore

/// The gateway's answer: a code, and for an accepted message its identifier. Refusals of the API gateway in front
/// have the same form, with an HTTP status that speaks as well.
struct AliyunReply: Sendable, Equatable {
    let code: String
    let messageID: String?
    /// How long the recipient's limit lasts, when the code is that of a limit.
    let limit: Duration?

    /// Nil if the body is no JSON object or holds no code.
    init?(_ body: ByteBuffer) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView)),
            VendorCode.isWord(answer.code)
        else { return nil }
        code = answer.code
        messageID = answer.messageID
        limit = code == AliyunCodes.numberLimit ? answer.message.flatMap(AliyunCodes.limit) : nil
    }

    /// What the answer means. Where the vendor's lists say nothing about the code, the HTTP status decides.
    func result(of reply: GatewayReply) -> SendResult {
        var (outcome, words) = AliyunCodes.table.meaning(of: code)
        switch outcome {
        case .throttled(let reason, _): outcome = .throttled(reason, retryAfter: limit ?? reply.retryAfter)
        case .unknown(.unlisted): outcome = Self.outcome(ofUnlistedCodeWith: reply)
        default: break
        }
        return SendResult(
            outcome, vendorCode: code, messageID: outcome == .accepted ? messageID : nil, detail: "\(code) \(words)")
    }

    private static func outcome(ofUnlistedCodeWith reply: GatewayReply) -> SendOutcome {
        let outcome = reply.resultByStatus.outcome
        return outcome == .unknown(.ambiguous) ? .unknown(.unlisted) : outcome
    }
}

/// What is read of an answer.
private struct Answer: Decodable {
    let code: String
    let messageID: String?
    let message: String?

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        code = try members.decode(String.self, forKey: .code)
        messageID = try? members.decode(String.self, forKey: .messageID)
        message = try? members.decode(String.self, forKey: .message)
    }

    private enum Keys: String, CodingKey {
        case code = "Code"
        case messageID = "BizId"
        case message = "Message"
    }
}
