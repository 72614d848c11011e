/// How long things live, and how often they may be tried.
public struct VerificationPolicy: Sendable, Hashable {
    /// A captcha's text on the tutorial's route.
    public var captchaLifetime: Duration = .seconds(300)
    /// A code, and the job that sends it.
    public var codeLifetime: Duration = .seconds(300)
    /// The time in which a number is sent no second message.
    public var resendInterval: Duration = .seconds(60)

    /// A picture of `/v1`.
    public var pictureLifetime: Duration = .seconds(120)
    /// What pictures show.
    public var captchaAlphabet = CaptchaAlphabet.standard
    /// How many pictures an address is shown in a minute; 0: any number. A program that may draw as many as it likes
    /// answers the easy ones only.
    public var picturesPerMinute = 60
    /// A code that is sent again lives on, but no longer than that in all. NIST SP 800-63B allows ten minutes.
    public var longestCodeLifetime: Duration = .seconds(600)
    /// How many codes may be tried before the right one is void too.
    public var maximumAttempts = 5
    /// How long an `Idempotency-Key` is remembered.
    public var idempotencyLifetime: Duration = .seconds(600)

    /// The tutorial system's times, and those that the standards ask for.
    public init() {}

    /// What the message says: the code's life in whole minutes.
    public var codeMinutes: Int {
        max(1, Int(codeLifetime.components.seconds) / 60)
    }
}
