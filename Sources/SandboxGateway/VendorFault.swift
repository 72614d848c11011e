/// A vendor's codes, with those for the faults in which it refuses a message.
protocol VendorFault: Error, Equatable {
    /// The code for every ``SandboxFault`` in which the vendor refuses the message.
    static var refusals: [SandboxFault: Self] { get }

    /// The code for a number that has had a message just now.
    static var numberTooOften: Self { get }
}

extension VendorFault {
    /// The seconds until the caller may try again, if the vendor says so.
    var retryAfter: Int? { self == Self.refusals[.throttled] ? 2 : nil }
}

extension YuntongxunFault: VendorFault {
    static let refusals: [SandboxFault: YuntongxunFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .tokenInvalid, .numberThrottled: .numberTooOften, .throttled: .accountTooOften,
        .systemFailed: .systemFailed,
    ]
}

extension AliyunFault: VendorFault {
    static let refusals: [SandboxFault: AliyunFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .accessKeyDisabled, .numberThrottled: .numberTooOften, .throttled: .accountTooOften,
        .systemFailed: .systemFailed,
    ]
}

extension TencentFault: VendorFault {
    static let refusals: [SandboxFault: TencentFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .callerRefused, .numberThrottled: .numberTooOften, .throttled: .accountTooOften,
        .systemFailed: .systemFailed,
    ]
}

extension TwilioFault: VendorFault {
    /// The vendor has one code for all that comes too often, which is the sandbox's for a number already; the other limit
    /// is that of the account's sender.
    static let refusals: [SandboxFault: TwilioFault] = [
        .numberMalformed: .numberInvalid, .numberBlocked: .recipientOptedOut, .countryRefused: .countryNotEnabled,
        .authorizationRefused: .notAuthenticated, .numberThrottled: .numberTooOften, .throttled: .senderQueueFull,
        .systemFailed: .systemFailed,
    ]
}

extension AmazonSNSFault: VendorFault {
    /// The vendor has no code for a country; what it refuses beforehand is a number that the account may not write to.
    static let refusals: [SandboxFault: AmazonSNSFault] = [
        .numberMalformed: .numberInvalid, .numberBlocked: .recipientOptedOut, .countryRefused: .numberNotVerified,
        .authorizationRefused: .callerRefused, .numberThrottled: .numberTooOften, .throttled: .accountTooOften,
        .systemFailed: .systemFailed,
    ]
}

extension SignedWebhookFault: VendorFault {
    static let refusals: [SandboxFault: SignedWebhookFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .authorizationRefused, .numberThrottled: .numberTooOften,
        .throttled: .accountTooOften, .systemFailed: .systemFailed,
    ]
}
