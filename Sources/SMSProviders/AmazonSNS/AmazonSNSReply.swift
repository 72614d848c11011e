internal import NIOCore

/// The gateway's answer: the identifier of a message that was taken, or the code of an error.
struct AmazonSNSReply: Sendable, Equatable {
    let result: SendResult

    /// Nil if the body is neither.
    init?(_ reply: GatewayReply) {
        guard let body = XMLElements(String(buffer: reply.body)) else { return nil }
        if let code = body["ErrorResponse/Error/Code"], Self.isWord(code) {
            result = Self.result(code: code, message: body["ErrorResponse/Error/Message"] ?? "", reply)
        } else if (200..<300).contains(reply.status), let id = body["PublishResponse/PublishResult/MessageId"],
            Self.isWord(id)
        {
            result = SendResult(.accepted, messageID: id, detail: "accepted")
        } else {
            return nil
        }
    }

    /// The code of a wrong number is that of any wrong parameter; only the message names the parameter.
    private static func result(code: String, message: String, _ reply: GatewayReply) -> SendResult {
        var result = reply.result(code: code, in: AmazonSNSCodes.table)
        if code == AmazonSNSCodes.invalidParameter, message.contains("PhoneNumber") {
            result.outcome = .badNumber(.number)
            result.detail = "\(code) PhoneNumber not valid"
        }
        return result
    }

    private static func isWord(_ text: String) -> Bool {
        VendorCode.isWord(text, marks: "._-:")
    }
}
