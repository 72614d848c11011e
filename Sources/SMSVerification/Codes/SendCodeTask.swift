public import TaskQueue

/// What a job may tell about its message beside the task's arguments, in headers of its own: a Celery worker passes them
/// over, and a Django view that calls the task with two arguments need not know of them.
public enum SendCodeHeaders {
    /// What the code is for; see ``Purpose``.
    public static let purpose = "sms_purpose"
    /// The language that the person reads; see ``LanguageTag``.
    public static let language = "sms_language"
}

/// The task that sends a code: the tutorial system's `ccp_send_sms_code`, by name and arguments, so that a Django
/// application's `ccp_send_sms_code.delay(mobile, code)` and a Celery worker's task of that name fit on either side.
public struct SendCodeArguments: TaskArguments, SecretValue {
    /// Whom to send to: eleven digits for the mainland, E.164 for other countries.
    public var mobile: String
    /// The code's digits.
    public var code: String

    private enum CodingKeys: String, CodingKey {
        case mobile
        case code = "sms_code"
    }

    /// The arguments of one sending.
    public init(mobile: String, code: String) {
        self.mobile = mobile
        self.code = code
    }

    init(_ copy: CodeCopy) {
        self.init(mobile: copy.mobile.canonical, code: copy.code.digits)
    }

    /// Masked, as everything that may be printed by accident.
    public var description: String { "SendCodeArguments(\(displayed.joined(separator: ", ")))" }

    public static let parameterNames = ["mobile", "sms_code"]

    public var displayed: [String] {
        [MobileNumber(canonical: mobile)?.description ?? "***", String(repeating: "*", count: 6)]
    }
}

/// The task's definition, shared by the service that enqueues it and the worker that runs it. It expires with the code,
/// and when a worker died while it was sending, the same code is sent again.
///
/// - Parameters:
///   - purpose: What the code is for, which the message tells; nil: the job does not say.
///   - language: The language that the person reads; nil: the job does not say.
public func sendCodeTask(
    policy: VerificationPolicy = VerificationPolicy(), purpose: Purpose? = nil, language: LanguageTag? = nil
) -> TaskDefinition<SendCodeArguments, Int> {
    var options = TaskOptions(expires: policy.codeLifetime)
    options.headers[SendCodeHeaders.purpose] = purpose?.name
    options.headers[SendCodeHeaders.language] = language?.text
    return TaskDefinition("ccp_send_sms_code", options: options)
}
