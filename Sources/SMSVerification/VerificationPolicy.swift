/// How long things live.
public struct VerificationPolicy: Sendable, Hashable {
    /// A captcha's text.
    public var captchaLifetime: Duration = .seconds(300)
    /// A code, and the job that sends it.
    public var codeLifetime: Duration = .seconds(300)
    /// The time in which a number is sent no second message.
    public var resendInterval: Duration = .seconds(60)

    /// The tutorial system's times.
    public init() {}

    /// What the message says: the code's life in whole minutes.
    public var codeMinutes: Int {
        max(1, Int(codeLifetime.components.seconds) / 60)
    }
}
