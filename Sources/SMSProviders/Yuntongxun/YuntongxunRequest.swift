internal import Crypto
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

/// One TemplateSMS call (Yuntongxun REST 2013-12-26), ready to be sent.
struct YuntongxunRequest: Sendable {
    let path: String
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameters:
    ///   - recipient: The number in the vendor's form.
    ///   - secondsSince1970: The instant of the call. Signature and authorization must agree on it.
    init(_ message: OutgoingMessage, to recipient: String, with account: YuntongxunConfiguration, secondsSince1970: Int)
    {
        let timestamp = ChinaTime.stamp(secondsSince1970: secondsSince1970)
        let signature = Self.signature(sid: account.accountSID, token: account.authToken, timestamp: timestamp)
        path = "/2013-12-26/Accounts/\(account.accountSID)/SMS/TemplateSMS?sig=\(signature)"
        headers = [
            "Accept": "application/json",
            "Content-Type": "application/json;charset=utf-8",
            "Authorization": Data("\(account.accountSID):\(timestamp)".utf8).base64EncodedString(),
        ]
        let template = message.templates[Yuntongxun.name]
        let variables = (template?.variables ?? [.code, .minutes])
            .map { JSONText.literal($0.value(in: message)) }.joined(separator: ",")
        var members = [
            "\"to\":\(JSONText.literal(recipient))",
            "\"appId\":\(JSONText.literal(account.appID))",
            "\"templateId\":\(JSONText.literal(template?.id ?? account.templateID))",
            "\"datas\":[\(variables)]",
        ]
        if account.identifiesRequests { members.append("\"reqId\":\(JSONText.literal(Self.identifier(message)))") }
        body = ByteBuffer(string: "{\(members.joined(separator: ","))}")
    }

    /// The same for a repetition of the same attempt alone: what was refused once may be taken at the next attempt.
    static func identifier(_ message: OutgoingMessage) -> String {
        String(Digest.sha256("\(message.taskID) \(message.attempt)".utf8).prefix(32))
    }

    /// The upper-case hexadecimal MD5 of account SID, token and timestamp. The vendor's scheme, not our choice.
    static func signature(sid: String, token: String, timestamp: String) -> String {
        Digest.hexadecimal(Insecure.MD5.hash(data: Array("\(sid)\(token)\(timestamp)".utf8))).uppercased()
    }

    /// The number in the vendor's form: eleven digits for mainland China; for other countries the prefix, then the
    /// country code. Nil if `mobile` is not a number at all.
    static func recipient(_ mobile: String, internationalPrefix: String) -> String? {
        let digits = mobile.hasPrefix("+") ? mobile.dropFirst() : mobile[...]
        guard (5...15).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        guard mobile.hasPrefix("+") else { return mobile }
        if digits.hasPrefix("86"), digits.count == 13 { return String(digits.dropFirst(2)) }
        return internationalPrefix + digits
    }
}
