/// One call of a gateway for a message, and what it said.
public struct DeliveryAttempt: Sendable {
    /// The id of the job that sends the message.
    public var jobID: String
    /// Whom it goes to; kept are the country and the first digits alone.
    public var mobile: MobileNumber
    /// The gateway.
    public var provider: String
    /// The gateway's own id of the message, if it gave one.
    public var reference: String?
    /// What is known of the message now; nil when it was certainly not sent, and may be tried again.
    public var state: MessageState?
    /// Why it was not taken, in a few words.
    public var reason = ""
    /// The reason comes from what others did to this number: no business of the caller.
    public var isPrivate = false
    /// How long the call took.
    public var duration = Duration.zero
    /// The gateway was called. False: it is known without a call what it says, or what it has said before.
    public var wasCalled = true

    /// A call of that gateway.
    public init(jobID: String, mobile: MobileNumber, provider: String, state: MessageState?) {
        self.jobID = jobID
        self.mobile = mobile
        self.provider = provider
        self.state = state
    }
}

extension MobileNumber {
    /// What statistics tell apart: the calling code and three digits, such as `+86138`. It is a carrier's range in some
    /// countries and an area in others, and belongs to tens of thousands of people at least.
    var statisticsPrefix: String { String(e164.prefix(1 + country.callingCode.utf8.count + 3)) }
}
