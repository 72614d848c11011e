internal import FoundationEssentials
internal import NIOCore

/// The gateway's answer, which has codes on two levels: one for the request if it was refused as a whole, else one for
/// each number, of which there is only one here.
struct TencentReply: Sendable, Equatable {
    let code: String
    let messageID: String?

    /// Nil if the body is no JSON object or holds no code. That of success counts as a number's code only.
    init?(_ body: ByteBuffer) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView)),
            let code = (answer.number ?? answer.error)?.code, VendorCode.isWord(code),
            answer.number != nil || code != TencentCodes.success
        else { return nil }
        self.code = code
        messageID = answer.number?.messageID
    }

    /// What the answer means.
    func result(of reply: GatewayReply) -> SendResult {
        reply.result(code: code, in: TencentCodes.table, messageID: messageID)
    }
}

/// What is read of an answer.
private struct Answer: Decodable {
    let number: Status?
    let error: Status?

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self).nestedContainer(keyedBy: Keys.self, forKey: .response)
        number = try? members.decode([Status].self, forKey: .numbers).first
        error = try? members.decode(Status.self, forKey: .error)
    }

    struct Status: Decodable {
        let code: String
        let messageID: String?

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Keys.self)
            code = try members.decode(String.self, forKey: .code)
            messageID = try? members.decode(String.self, forKey: .messageID)
        }
    }

    private enum Keys: String, CodingKey {
        case response = "Response"
        case numbers = "SendStatusSet"
        case error = "Error"
        case code = "Code"
        case messageID = "SerialNo"
    }
}
