/// The vendor's codes for what is wrong with a SendSms request or with one of its numbers, as far as this sandbox looks.
enum TencentFault: String, Error, CaseIterable {
    case actionUnknown = "InvalidAction"
    case versionUnknown = "NoSuchVersion"
    case authorizationMalformed = "AuthFailure.InvalidAuthorization"
    case secretIDUnknown = "AuthFailure.SecretIdNotFound"
    case signatureMismatch = "AuthFailure.SignatureFailure"
    case callerRefused = "AuthFailure.UnauthorizedOperation"
    case timestampStale = "AuthFailure.SignatureExpire"
    case accountTooOften = "RequestLimitExceeded"
    case systemFailed = "ServiceUnavailable"
    case bodyUnreadable = "FailedOperation.JsonParseFail"
    case parameterUnknown = "UnknownParameter"
    case parameterMissing = "MissingParameter"
    case parameterMalformed = "InvalidParameter"
    case applicationUnknown = "InvalidParameterValue.SdkAppIdNotExist"
    case numbersMissing = "MissingParameter.EmptyPhoneNumberSet"
    case numbersTooMany = "LimitExceeded.PhoneNumberCountLimit"
    case numbersMixed = "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber"
    case numberMalformed = "InvalidParameterValue.IncorrectPhoneNumber"
    case numberAbroad = "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"
    case numberBlocked = "FailedOperation.PhoneNumberInBlacklist"
    case countryRefused = "UnsupportedOperation.UnsupportedRegion"
    case signNameMissing = "FailedOperation.MissingSignature"
    case signNameUnknown = "FailedOperation.SignatureIncorrectOrUnapproved"
    case templateUnknown = "FailedOperation.TemplateUnapprovedOrNotExist"
    case variablesMismatch = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    case variableLength = "InvalidParameterValue.TemplateParameterLengthLimit"
    case variableNotNumeric = "InvalidParameterValue.TemplateParameterFormatError"
    case numberTooOften = "LimitExceeded.PhoneNumberThirtySecondLimit"

    /// The text that goes with the code.
    var message: String {
        switch self {
        case .actionUnknown: "The requested interface does not exist."
        case .versionUnknown: "The requested version of the interface does not exist."
        case .authorizationMalformed: "The Authorization header does not conform to TC3-HMAC-SHA256."
        case .secretIDUnknown: "The SecretId is not found, please ensure that your SecretId is correct."
        case .signatureMismatch: "The provided credentials could not be validated. Please check your signature."
        case .callerRefused: "You are not authorized to perform this operation."
        case .timestampStale: "The signature has expired: the time stamp differs from the server's by over 5 minutes."
        case .accountTooOften: "The number of requests exceeds the frequency limit."
        case .systemFailed: "The service is temporarily unavailable."
        case .bodyUnreadable: "The request body is not JSON."
        case .parameterUnknown: "A parameter is not recognized."
        case .parameterMissing: "The request is missing a required parameter."
        case .parameterMalformed: "The value type of a parameter is not valid."
        case .applicationUnknown: "SmsSdkAppId does not exist"
        case .numbersMissing: "PhoneNumberSet is empty"
        case .numbersTooMany: "the number of phone numbers exceeds 200"
        case .numbersMixed: "the list has both Chinese mainland and global numbers"
        case .numberMalformed: "incorrect phone number"
        case .numberAbroad: "a Chinese mainland template cannot be sent to a global phone"
        case .numberBlocked: "the phone number is in the blacklist"
        case .countryRefused: "the region of the phone number is not supported"
        case .signNameMissing: "signature is missing"
        case .signNameUnknown: "signature is incorrect or unapproved"
        case .templateUnknown: "template is not approved or does not exist"
        case .variablesMismatch: "the number of template parameters does not match the approved template"
        case .variableLength: "a template parameter is too long"
        case .variableNotNumeric: "Verification code template parameter format error"
        case .numberTooOften: "the number of messages to this number in 30 seconds exceeds the limit"
        }
    }

    /// Whether this is never said of a single number.
    var concernsWholeRequest: Bool {
        [.callerRefused, .accountTooOften, .systemFailed].contains(self)
    }
}
