/// What the vendor's error codes mean for a message, from the reference of the Publish action and its common errors.
enum AmazonSNSCodes {
    /// The code of a wrong parameter, which may be the number.
    static let invalidParameter = "InvalidParameter"

    static let table = GatewayCodes(
        [
            .init("Throttled", .throttled(.rate, retryAfter: nil), "too many messages at a time"),
            .init("Throttling", .throttled(.rate, retryAfter: nil), "too many requests at a time"),
            .init("ThrottlingException", .throttled(.rate, retryAfter: nil), "too many requests at a time"),
            .init(invalidParameter, .badConfiguration(.param), "parameter wrong"),
            .init("ParameterValueInvalid", .badConfiguration(.param), "value of an attribute wrong"),
            .init("ValidationException", .badConfiguration(.param), "request not valid"),
            .init("AuthorizationError", .badConfiguration(.auth), "the user has no right to publish"),
            .init("InvalidSecurity", .badConfiguration(.auth), "HTTPS and a version 4 signature are needed"),
            .init("InvalidClientTokenId", .badConfiguration(.auth), "access key unknown"),
            .init("SignatureDoesNotMatch", .badConfiguration(.auth), "signature wrong, or the clock is off"),
            .init("RequestExpired", .badConfiguration(.clock), "request too old or too new"),
            .init("OptedOut", .badNumber(.blocked), "recipient opted out"),
            .init("UserError", .badConfiguration(.account), "sandbox account, and number not verified"),
            .init("EndpointDisabled", .badConfiguration(.param), "push endpoint disabled"),
            .init("NotFound", .badConfiguration(.param), "resource not found"),
            .init("InternalError", .retry(.internal), "internal error"),
            .init("InternalFailure", .retry(.internal), "internal error"),
            .init("ServiceUnavailable", .retry(.internal), "service unavailable"),
        ])
}
