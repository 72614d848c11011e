internal import FoundationEssentials
internal import NIOCore

/// The gateway's answer: a status code, and for an accepted message its identifier.
///
/// The vendor writes `templateSMS` in JSON and `TemplateSMS` in its other samples, so member names are compared
/// without case; the code is seen as a string and as a number.
struct YuntongxunReply: Sendable, Equatable {
    let statusCode: String
    let messageID: String?

    /// Nil if the body is no JSON object or holds no status code.
    init?(_ body: ByteBuffer) {
        guard let reply = try? JSONDecoder().decode(Self.self, from: Data(body.readableBytesView)) else { return nil }
        self = reply
    }

    /// What the answer means.
    var result: SendResult {
        let (outcome, meaning) = YuntongxunCodes.meaning(of: statusCode)
        return SendResult(
            outcome, vendorCode: statusCode, messageID: outcome == .accepted ? messageID : nil,
            detail: "\(statusCode) \(meaning)")
    }

    /// What it means when the attempt has an identifier: what the gateway has seen before it has taken.
    var resultOfIdentifiedRequest: SendResult {
        var result = result
        if result.outcome == .unknown(.duplicate) { result.outcome = .accepted }
        return result
    }
}

extension YuntongxunReply: Decodable {
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: MemberName.self)
        let code = try members.named("statusCode")
        statusCode =
            try Self.code(number: try? members.decode(UInt32.self, forKey: code))
            ?? members.decode(String.self, forKey: code)
        guard !statusCode.isEmpty, statusCode.count <= 12, statusCode.allSatisfy({ ("0"..."9").contains($0) }) else {
            throw DecodingError.dataCorruptedError(forKey: code, in: members, debugDescription: "not a status code")
        }
        let message = try? members.nestedContainer(keyedBy: MemberName.self, forKey: members.named("templateSMS"))
        messageID = try? message.map { try $0.decode(String.self, forKey: $0.named("smsMessageSid")) }
    }

    /// Codes have six digits; a number has lost its leading zeros.
    private static func code(number: UInt32?) -> String? {
        guard let number else { return nil }
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

/// A member's name in whatever case the vendor wrote it.
private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

extension KeyedDecodingContainer where Key == MemberName {
    /// The key that equals `name` but for case.
    fileprivate func named(_ name: String) throws -> MemberName {
        guard let key = allKeys.first(where: { $0.stringValue.lowercased() == name.lowercased() }) else {
            throw DecodingError.keyNotFound(
                MemberName(stringValue: name), .init(codingPath: codingPath, debugDescription: "no such member"))
        }
        return key
    }
}
