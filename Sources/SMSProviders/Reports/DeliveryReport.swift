/// What a gateway reports of a message after it has answered the call, in words that are the same for every vendor.
public struct DeliveryReport: Sendable, Equatable {
    /// How far the message has come.
    public enum Status: Sendable, Equatable {
        /// On its way: the gateway, or a carrier, has it.
        case accepted
        /// On the phone.
        case delivered
        /// It will not arrive.
        case failed
    }

    /// The gateway's identifier of the message, as ``SendResult/messageID`` had it.
    public var messageID: String?
    /// The identifier of the task that sent it, where the gateway gives it back.
    public var taskID: String?
    /// How far it has come.
    public var status: Status
    /// The vendor's word for it, such as `UNDELIV`.
    public var code: String?

    /// Makes a report.
    public init(messageID: String?, taskID: String? = nil, status: Status, code: String? = nil) {
        self.messageID = messageID
        self.taskID = taskID
        self.status = status
        self.code = code
    }
}
