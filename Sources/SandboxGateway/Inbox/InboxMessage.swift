public import FoundationEssentials

/// A message as it would have arrived on a phone.
public struct InboxMessage: Codable, Sendable, Equatable, Identifiable {
    /// Counts the messages of one run, from 1; never used twice.
    public var id: Int
    /// The gateway that took the message, such as `yuntongxun`.
    public var gateway: String
    /// The number, in the form that the gateway was given.
    public var mobile: String
    /// The text as the phone shows it, signature included.
    public var text: String
    /// The verification code in the text, if the template has one.
    public var code: String?
    /// The gateway's identifier of the message.
    public var messageID: String
    /// When the gateway took it.
    public var received: Date

    private enum CodingKeys: String, CodingKey {
        case id, gateway, mobile, text, code, received
        case messageID = "message_id"
    }
}
