/// What the vendor's codes mean for a message, from its lists for SendSms
/// (`https://help.aliyun.com/document_detail/101346.html`) and for the API gateway in front of it.
enum AliyunCodes {
    /// The code of every limit for one number; only the message names which.
    static let numberLimit = "isv.BUSINESS_LIMIT_CONTROL"

    /// How long a number's limit lasts, from the message that comes with the code, such as `触发分钟级流控Permits:1`.
    static func limit(_ message: String) -> Duration? {
        let levels: [(word: String, limit: Duration)] = [
            ("分钟级", .seconds(60)), ("小时级", .seconds(3600)), ("天级", .seconds(86_400)),
        ]
        return levels.first { message.contains($0.word) }?.limit
    }

    static let table = GatewayCodes(
        [
            .init("OK", .accepted, "accepted"),
            .init(
                numberLimit, .throttled(.number, retryAfter: nil),
                "per-number flow control (message text names the level: minute, hour or day)"),
            .init(
                "isv.DAY_LIMIT_CONTROL", .throttled(.quota, retryAfter: nil),
                "daily volume cap set in the console reached"),
            .init(
                "isv.MONTH_LIMIT_CONTROL", .throttled(.quota, retryAfter: nil),
                "monthly volume cap set in the console reached"),
            .init(
                "isv.SMS_TEST_NUMBER_LIMIT", .badConfiguration(.template),
                "test signature/template used for a number that is not bound as a test number"),
            .init("isv.MOBILE_NUMBER_ILLEGAL", .badNumber(.number), "number malformed"),
            .init("isv.MOBILE_COUNT_OVER_LIMIT", .badConfiguration(.param), "more than 1000 numbers"),
            .init(
                "isv.BLACK_KEY_CONTROL_LIMIT", .badNumber(.blocked),
                "recipient opted out or complained (older text: forbidden variable content)"),
            .init("isv.CUSTOMER_REFUSED", .badNumber(.blocked), "recipient unsubscribed"),
            .init(
                "isv.PARAM_LENGTH_LIMIT", .badConfiguration(.template),
                "variable too long (code variables: 4 to 6 characters; others up to 35)"),
            .init("isv.PARAM_NOT_SUPPORT_URL", .badConfiguration(.content), "URL inside a variable"),
            .init("isv.TEMPLATE_MISSING_PARAMETERS", .badConfiguration(.template), "a template variable got no value"),
            .init(
                "isv.TEMPLATE_PARAMS_ILLEGAL", .badConfiguration(.template),
                "variable content does not fit the declared variable type"),
            .init("isv.INVALID_PARAMETERS", .badConfiguration(.param), "request parameter malformed"),
            .init("isv.INVALID_JSON_PARAM", .badConfiguration(.param), "TemplateParam is not a JSON object of strings"),
            .init("isv.SMS_CONTENT_ILLEGAL", .badConfiguration(.content), "content forbidden"),
            .init("isv.UNSUPPORTED_CONTENT", .badConfiguration(.content), "unsupported characters (emoji, rare forms)"),
            .init(
                "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE", .badConfiguration(.content),
                "content does not fit the template type"),
            .init("isv.AMOUNT_NOT_ENOUGH", .badConfiguration(.funds), "balance too low"),
            .init("isv.OUT_OF_SERVICE", .badConfiguration(.funds), "service stopped (arrears)"),
            .init("isv.PRODUCT_UN_SUBSCRIPT", .badConfiguration(.account), "SMS product not activated"),
            .init("isv.PRODUCT_UNSUBSCRIBE", .badConfiguration(.account), "this product not activated"),
            .init("isv.ACCOUNT_NOT_EXISTS", .badConfiguration(.account), "account unknown"),
            .init("isv.ACCOUNT_ABNORMAL", .badConfiguration(.account), "account in an abnormal state"),
            .init("isv.SMS_SIGNATURE_ILLEGAL", .badConfiguration(.signature), "signature unknown or not approved"),
            .init("isv.SMS_SIGN_ILLEGAL", .badConfiguration(.signature), "signature forbidden"),
            .init("isv.SIGN_NAME_ILLEGAL", .badConfiguration(.signature), "signature name breaks the naming rules"),
            .init("isv.SIGN_STATE_ILLEGAL", .badConfiguration(.signature), "signature currently unusable"),
            .init(
                "isv.SMS_SIGNATURE_SCENE_ILLEGAL", .badConfiguration(.signature),
                "signature scene does not fit the template type"),
            .init("isv.SMS_TEMPLATE_ILLEGAL", .badConfiguration(.template), "template unknown or not approved"),
            .init("isv.EXTEND_CODE_ERROR", .badConfiguration(.param), "extension code shared by several signatures"),
            .init(
                "isv.DOMESTIC_NUMBER_NOT_SUPPORTED", .badConfiguration(.geo),
                "international template used for a mainland number"),
            .init("isv.DENY_IP_RANGE", .badConfiguration(.ip), "caller IP region refused for mainland SMS"),
            .init("isp.RAM_PERMISSION_DENY", .badConfiguration(.auth), "RAM user lacks the SMS permission"),
            .init("isp.SYSTEM_ERROR", .retry(.internal), "platform error"),
            .init("isp.GATEWAY_ERROR", .retry(.internal), "sending gateway error"),
            .init("SignatureDoesNotMatch", .badConfiguration(.auth), "our signature is wrong"),
            .init("IncompleteSignature", .badConfiguration(.auth), "Authorization header malformed"),
            .init("InvalidAccessKeyId.NotFound", .badConfiguration(.auth), "access key unknown"),
            .init("InvalidAccessKeyId.Inactive", .badConfiguration(.auth), "access key disabled"),
            .init("MissingAccessKeyId", .badConfiguration(.auth), "access key missing"),
            .init("SignatureNonceUsed", .retry(.nonce), "nonce used before: build a new nonce and repeat"),
            .init("InvalidTimeStamp.Expired", .badConfiguration(.clock), "clock more than 15 min off"),
            .init("InvalidTimeStamp.Format", .badConfiguration(.clock), "date not ISO 8601 UTC"),
            .init("InvalidVersion", .badConfiguration(.param), "version must be 2017-05-25"),
            .init("InvalidAction.NotFound", .badConfiguration(.param), "action name or endpoint wrong"),
            .init("Throttling", .throttled(.rate, retryAfter: nil), "API gateway limit"),
            .init("Throttling.User", .throttled(.rate, retryAfter: nil), "API gateway limit for this account"),
            .init("ServiceUnavailable", .retry(.internal), "service down"),
            .init("InternalError", .retry(.internal), "internal error"),
        ],
        unlisted: [
            ("isp.", .retry(.unlisted)), ("Throttling", .throttled(.unlisted, retryAfter: nil)),
            ("isv.MOBILE", .badNumber(.unlisted)), ("isv.", .badConfiguration(.unlisted)),
        ])
}
