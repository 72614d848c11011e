internal import HTTPTypes

/// The vendor's codes for what is wrong with a SendSms request, as far as this sandbox looks.
enum AliyunFault: String, Error, CaseIterable {
    case accessKeyMissing = "MissingAccessKeyId"
    case accessKeyUnknown = "InvalidAccessKeyId.NotFound"
    case accessKeyDisabled = "InvalidAccessKeyId.Inactive"
    case authorizationMalformed = "IncompleteSignature"
    case signatureMismatch = "SignatureDoesNotMatch"
    case dateMalformed = "InvalidTimeStamp.Format"
    case dateStale = "InvalidTimeStamp.Expired"
    case nonceMissing = "MissingSignatureNonce"
    case nonceUsed = "SignatureNonceUsed"
    case accountTooOften = "Throttling.User"
    case actionUnknown = "InvalidAction.NotFound"
    case versionUnknown = "InvalidVersion"
    case numbersMissing = "MissingPhoneNumbers"
    case signNameMissing = "MissingSignName"
    case templateMissing = "MissingTemplateCode"
    case parametersUnreadable = "isv.INVALID_PARAMETERS"
    case numberMalformed = "isv.MOBILE_NUMBER_ILLEGAL"
    case numberBlocked = "isv.BLACK_KEY_CONTROL_LIMIT"
    case countryRefused = "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"
    case signNameUnknown = "isv.SMS_SIGNATURE_ILLEGAL"
    case templateUnknown = "isv.SMS_TEMPLATE_ILLEGAL"
    case variablesUnreadable = "isv.INVALID_JSON_PARAM"
    case variableMissing = "isv.TEMPLATE_MISSING_PARAMETERS"
    case variableMismatch = "isv.TEMPLATE_PARAMS_ILLEGAL"
    case variableLength = "isv.PARAM_LENGTH_LIMIT"
    case numberTooOften = "isv.BUSINESS_LIMIT_CONTROL"
    case systemFailed = "isp.SYSTEM_ERROR"

    /// The text that goes with the code.
    var message: String {
        switch self {
        case .accessKeyMissing: "AccessKeyId is mandatory for this action."
        case .accessKeyUnknown: "Specified access key is not found."
        case .accessKeyDisabled: "Specified access key is disabled."
        case .authorizationMalformed: "The request signature does not conform to Aliyun standards."
        case .signatureMismatch: "Specified signature is not matched with our calculation."
        case .dateMalformed: "Specified time stamp or date value is not well formatted."
        case .dateStale: "Specified time stamp or date value is expired."
        case .nonceMissing: "SignatureNonce is mandatory for this action."
        case .nonceUsed: "Specified signature nonce was used already."
        case .accountTooOften: "Request was denied due to user flow control."
        case .actionUnknown: "Specified api is not found, please check your url and method."
        case .versionUnknown: "Specified parameter Version is not valid."
        case .numbersMissing: "PhoneNumbers is mandatory for this action."
        case .signNameMissing: "SignName is mandatory for this action."
        case .templateMissing: "TemplateCode is mandatory for this action."
        case .parametersUnreadable: "参数异常"
        case .numberMalformed: "非法手机号"
        case .numberBlocked: "黑名单管控"
        case .countryRefused: "国际/港澳台消息模板不支持发送境内号码"
        case .signNameUnknown: "该账号下找不到对应签名"
        case .templateUnknown: "该账号下找不到对应模板"
        case .variablesUnreadable: "参数格式错误，请修改为字符串值"
        case .variableMissing: "模板变量缺少对应参数值"
        case .variableMismatch: "变量内容与变量属性不符"
        case .variableLength: "参数超过长度限制"
        case .numberTooOften: "触发分钟级流控Permits:1"
        case .systemFailed: "系统错误"
        }
    }

    /// The SMS service answers all that it refuses itself with 200. What reaches it not has another status.
    var status: HTTPResponse.Status {
        switch self {
        case .accessKeyUnknown, .actionUnknown: .notFound
        case _ where rawValue.hasPrefix("isv.") || rawValue.hasPrefix("isp."): .ok
        default: .badRequest
        }
    }
}
