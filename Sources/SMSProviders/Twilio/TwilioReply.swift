internal import FoundationEssentials
internal import NIOCore

/// The gateway's answer: a message that was taken, or the code of an error.
struct TwilioReply: Sendable, Equatable {
    let result: SendResult

    /// Nil if the body is neither.
    init?(_ reply: GatewayReply) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(reply.body.readableBytesView)) else {
            return nil
        }
        if let code = body.code {
            result = reply.result(code: code, in: TwilioCodes.table)
        } else if (200..<300).contains(reply.status), let sid = body.sid {
            result = Self.result(sid: sid, status: body.status)
        } else {
            return nil
        }
    }

    /// A message can be born dead, even without a code that says why.
    private static func result(sid: String, status: String?) -> SendResult {
        switch status {
        case "failed", "undelivered", "canceled":
            SendResult(.unknown(.channel), messageID: sid, detail: "created, and failed without a code")
        default:
            SendResult(.accepted, messageID: sid, detail: "accepted")
        }
    }
}

/// The members that matter. An error has `code`, a message `sid`, `status` and, when it failed, `error_code`.
private struct Body: Decodable {
    var code: String?
    var sid: String?
    var status: String?

    private enum Member: String, CodingKey {
        case code
        case errorCode = "error_code"
        case sid
        case status
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        code = Self.code(in: members, .code) ?? Self.code(in: members, .errorCode)
        sid = (try? members.decode(String.self, forKey: .sid)).flatMap { Self.isIdentifier($0) ? $0 : nil }
        status = try? members.decode(String.self, forKey: .status)
    }

    /// The vendor writes codes as numbers; a string is understood as well.
    private static func code(in members: KeyedDecodingContainer<Member>, _ member: Member) -> String? {
        let number = try? members.decode(UInt32.self, forKey: member)
        let text = number.map { String($0) } ?? (try? members.decode(String.self, forKey: member))
        guard let text, (1...6).contains(text.utf8.count), text.allSatisfy({ ("0"..."9").contains($0) }) else {
            return nil
        }
        return text
    }

    private static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
