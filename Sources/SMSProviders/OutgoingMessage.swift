/// A verification code on its way to a phone.
public struct OutgoingMessage: Sendable, Equatable {
    /// The number in the service's own form: eleven digits for mainland China, E.164 with `+` for any other country.
    public var mobile: String
    /// The verification code, digits only, leading zeros kept.
    public var code: String
    /// How long the code is valid, in minutes, as the text is to say it.
    public var validMinutes: Int
    /// The identifier of the task that sends this message, for the gateway's own reference and for logs.
    public var taskID: String
    /// The number's country (ISO 3166-1 alpha-2).
    public var country = "CN"
    /// What the code is for, such as `login`; gateways with templates of their own choose by it.
    public var purpose = "login"
    /// The language that the person reads (BCP 47).
    public var locale = "zh-CN"
    /// Which attempt of the task it is, from 0: what gateways that recognise repetitions know an attempt by.
    public var attempt = 0
    /// A provider's limit has held it up before.
    public var hasWaited = false
    /// Nothing of it may leave after that instant; nil: at any time.
    public var latest: ContinuousClock.Instant?
    /// What providers send in place of their accounts' own templates, by the provider's name.
    public var templates: [String: MessageTemplate] = [:]
    /// When the code expires, in seconds since 1970-01-01 00:00 UTC; nil when nobody said so.
    public var expires: Int?

    /// Makes a message for one number.
    public init(mobile: String, code: String, validMinutes: Int, taskID: String) {
        self.mobile = mobile
        self.code = code
        self.validMinutes = validMinutes
        self.taskID = taskID
    }
}

extension OutgoingMessage: CustomStringConvertible {
    /// A form for logs: the number masked as `138****8000`, and no code.
    public var description: String {
        let masked = mobile.count > 7 ? "\(mobile.prefix(3))****\(mobile.suffix(4))" : "****"
        return "message to \(masked), task \(taskID)"
    }
}
