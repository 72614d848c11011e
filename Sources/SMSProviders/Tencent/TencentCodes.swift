/// What the vendor's codes mean for a message, from its lists for SendSms
/// (`https://cloud.tencent.com/document/api/382/55981`) and for all its APIs.
enum TencentCodes {
    /// The code of a number whose message was taken.
    static let success = "Ok"

    static let table = GatewayCodes(
        [
            .init(success, .accepted, "accepted"),
            .init(
                "LimitExceeded.PhoneNumberThirtySecondLimit", .throttled(.number, retryAfter: nil),
                "per number, 30 s"),
            .init("LimitExceeded.PhoneNumberOneHourLimit", .throttled(.number, retryAfter: nil), "per number, 1 h"),
            .init("LimitExceeded.PhoneNumberDailyLimit", .throttled(.number, retryAfter: nil), "per number, 1 day"),
            .init(
                "LimitExceeded.PhoneNumberSameContentDailyLimit", .throttled(.number, retryAfter: nil),
                "same content to the number, 1 day"),
            .init("LimitExceeded.DeliveryFrequencyLimit", .throttled(.number, retryAfter: nil), "frequency policy hit"),
            .init(
                "LimitExceeded.GlobalSmsSendingRateLimit", .throttled(.rate, retryAfter: nil),
                "international sending rate"),
            .init("LimitExceeded.AppDailyLimit", .throttled(.quota, retryAfter: nil), "app daily volume"),
            .init(
                "LimitExceeded.AppMainlandChinaDailyLimit", .throttled(.quota, retryAfter: nil),
                "app daily volume, mainland"),
            .init(
                "LimitExceeded.AppGlobalDailyLimit", .throttled(.quota, retryAfter: nil),
                "app daily volume, international"),
            .init(
                "LimitExceeded.AppCountryOrRegionDailyLimit", .throttled(.quota, retryAfter: nil),
                "daily volume for that country"),
            .init("LimitExceeded.DailyLimit", .throttled(.quota, retryAfter: nil), "international daily volume"),
            .init(
                "LimitExceeded.AppCountryOrRegionInBlacklist", .badConfiguration(.geo),
                "country not on the allow list"),
            .init("LimitExceeded.PhoneNumberCountLimit", .badConfiguration(.param), "more than 200 numbers"),
            .init("RequestLimitExceeded", .throttled(.rate, retryAfter: nil), "API rate"),
            .init("RequestLimitExceeded.IPLimitExceeded", .throttled(.rate, retryAfter: nil), "API rate per IP"),
            .init("RequestLimitExceeded.UinLimitExceeded", .throttled(.rate, retryAfter: nil), "API rate per account"),
            .init(
                "RequestLimitExceeded.GlobalRegionUinLimitExceeded", .throttled(.rate, retryAfter: nil),
                "API rate per account and region"),
            .init("InvalidParameterValue.IncorrectPhoneNumber", .badNumber(.number), "number malformed"),
            .init("FailedOperation.PhoneNumberParseFail", .badNumber(.number), "number cannot be parsed"),
            .init("FailedOperation.PhoneNumberInBlacklist", .badNumber(.blocked), "do-not-disturb list"),
            .init("FailedOperation.InsufficientBalanceInSmsPackage", .badConfiguration(.funds), "package used up"),
            .init(
                "FailedOperation.SignatureIncorrectOrUnapproved", .badConfiguration(.signature),
                "signature text unknown or unapproved"),
            .init("FailedOperation.MissingSignature", .badConfiguration(.signature), "signature missing"),
            .init("FailedOperation.MissingSignatureList", .badConfiguration(.signature), "no signature exists"),
            .init(
                "FailedOperation.TemplateIncorrectOrUnapproved", .badConfiguration(.template),
                "template unapproved or text differs"),
            .init(
                "FailedOperation.TemplateUnapprovedOrNotExist", .badConfiguration(.template),
                "template unapproved or unknown"),
            .init("FailedOperation.TemplateIdNotExist", .badConfiguration(.template), "template unknown"),
            .init("FailedOperation.MissingTemplateList", .badConfiguration(.template), "no template exists"),
            .init(
                "FailedOperation.TemplateParamSetNotMatchApprovedTemplate", .badConfiguration(.template),
                "number of parameters differs"),
            .init("FailedOperation.ContainSensitiveWord", .badConfiguration(.content), "sensitive word"),
            .init(
                "FailedOperation.MarketingSendTimeConstraint", .badConfiguration(.content),
                "marketing outside allowed hours"),
            .init("FailedOperation.ProhibitSubAccountUse", .badConfiguration(.auth), "sub-account not allowed"),
            .init("FailedOperation.FailResolvePacket", .badConfiguration(.param), "request cannot be parsed"),
            .init("FailedOperation.JsonParseFail", .badConfiguration(.param), "JSON cannot be parsed"),
            .init("FailedOperation.ParametersOtherError", .badConfiguration(.param), "other parameter fault"),
            .init("FailedOperation.OtherError", .unknown(.internal), "other failure"),
            .init("InvalidParameter", .badConfiguration(.param), "parameter wrong"),
            .init("InvalidParameterValue", .badConfiguration(.param), "parameter value wrong"),
            .init("MissingParameter", .badConfiguration(.param), "parameter missing"),
            .init("MissingParameter.EmptyPhoneNumberSet", .badNumber(.number), "no number given"),
            .init("UnknownParameter", .badConfiguration(.param), "parameter not defined"),
            .init(
                "InvalidParameterValue.TemplateParameterFormatError", .badConfiguration(.template),
                "code variable must be 0 to 6 digits"),
            .init(
                "InvalidParameterValue.TemplateParameterLengthLimit", .badConfiguration(.template),
                "variable too long (6 by default)"),
            .init(
                "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", .badConfiguration(.content),
                "URL in a variable"),
            .init("InvalidParameterValue.ContentLengthLimit", .badConfiguration(.content), "message too long"),
            .init("InvalidParameterValue.SdkAppIdNotExist", .badConfiguration(.account), "SmsSdkAppId unknown"),
            .init("UnauthorizedOperation.RequestIpNotInWhitelist", .badConfiguration(.ip), "caller IP not allowed"),
            .init("UnauthorizedOperation.SdkAppIdIsDisabled", .badConfiguration(.account), "app disabled"),
            .init("UnauthorizedOperation.ServiceSuspendDueToArrears", .badConfiguration(.funds), "arrears"),
            .init(
                "UnauthorizedOperation.SmsSdkAppIdVerifyFail", .badConfiguration(.account),
                "app does not belong to the caller"),
            .init("UnauthorizedOperation.RequestPermissionDeny", .badConfiguration(.auth), "no permission"),
            .init(
                "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny", .badConfiguration(.account),
                "individual account: no marketing"),
            .init("UnsupportedOperation.UnsupportedRegion", .badConfiguration(.geo), "destination region not served"),
            .init(
                "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone", .badConfiguration(.geo),
                "mainland template, foreign number"),
            .init(
                "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone", .badConfiguration(.geo),
                "foreign template, mainland number"),
            .init(
                "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber", .badConfiguration(.param),
                "mixed list"),
            .init("UnsupportedOperation", .badConfiguration(.param), "not supported"),
            .init("InternalError.RequestTimeException", .badConfiguration(.clock), "clock more than 10 min off"),
            .init("InternalError.SigFieldMissing", .badConfiguration(.auth), "signature missing"),
            .init("InternalError.SigVerificationFail", .badConfiguration(.auth), "signature refused"),
            .init("InternalError.JsonParseFail", .badConfiguration(.param), "JSON cannot be parsed"),
            .init("InternalError.RestApiInterfaceNotExist", .badConfiguration(.param), "no such interface"),
            .init(
                "InternalError.Timeout", .unknown(.ambiguous),
                "send timed out inside the platform: may have gone out"),
            .init(
                "InternalError.SendAndRecvFail", .unknown(.ambiguous),
                "send/receive timed out inside the platform: may have gone out"),
            .init(
                "InternalError.ParseBackendResponseFail", .unknown(.ambiguous),
                "platform could not read its backend: may have gone out"),
            .init("InternalError.OtherError", .unknown(.internal), "other"),
            .init("InternalError.UnknownError", .unknown(.internal), "unknown"),
            .init("InternalError", .unknown(.internal), "internal error"),
            .init("AuthFailure.SignatureFailure", .badConfiguration(.auth), "our signature is wrong"),
            .init("AuthFailure.SignatureExpire", .badConfiguration(.clock), "timestamp more than 5 min off"),
            .init("AuthFailure.SecretIdNotFound", .badConfiguration(.auth), "key unknown or disabled"),
            .init("AuthFailure.InvalidSecretId", .badConfiguration(.auth), "not a cloud API key"),
            .init("AuthFailure.InvalidAuthorization", .badConfiguration(.auth), "Authorization header malformed"),
            .init("AuthFailure.TokenFailure", .badConfiguration(.auth), "temporary token wrong"),
            .init("AuthFailure.MFAFailure", .badConfiguration(.auth), "MFA refused"),
            .init("AuthFailure.UnauthorizedOperation", .badConfiguration(.auth), "CAM policy refuses"),
            .init("IpInBlacklist", .badConfiguration(.ip), "caller IP on a deny list"),
            .init("IpNotInWhitelist", .badConfiguration(.ip), "caller IP not on the allow list"),
            .init("InvalidAction", .badConfiguration(.param), "action wrong"),
            .init("NoSuchVersion", .badConfiguration(.param), "version wrong"),
            .init("ResourceInsufficient", .badConfiguration(.funds), "package used up"),
            .init("ServiceUnavailable", .retry(.internal), "service down"),
        ],
        unlisted: [
            ("LimitExceeded.", .throttled(.unlisted, retryAfter: nil)),
            ("RequestLimitExceeded", .throttled(.unlisted, retryAfter: nil)),
            ("AuthFailure.", .badConfiguration(.unlisted)), ("UnauthorizedOperation.", .badConfiguration(.unlisted)),
            ("InvalidParameter", .badConfiguration(.unlisted)),
            ("UnsupportedOperation", .badConfiguration(.unlisted)),
        ])
}
