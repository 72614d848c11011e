internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Aliyun's SendSms interface (Dysmsapi 2017-05-25), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other.
struct AliyunGateway: RootGateway {
    let account: SandboxAccount.Aliyun
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date
    /// A nonce is remembered for as long as its time stamp can be right: from 15 min too early to 15 min too late.
    private let nonces = NumberLimiter(interval: .seconds(30 * 60))

    init(account: SandboxAccount.Aliyun, delivery: GatewayDelivery, now: @escaping @Sendable () -> Date) {
        self.account = account
        self.delivery = delivery
        self.now = now
    }

    private static let actionName = HTTPField.Name("x-acs-action")

    func isMeant(by request: Request) -> Bool {
        Self.actionName.map(request.headers.contains) ?? false
    }

    func answer(_ request: Request, _ context: SandboxContext) async throws -> Response {
        try await delivery.answer(request, context) { fault in
            let call = try await RootCall(request)
            switch Result(catching: { () throws(AliyunFault) in try accept(call, meeting: fault) }) {
            case .success(let receipt):
                return .accepted([receipt], try Response.json(Acceptance(messageID: receipt.message.messageID)))
            case .failure(let fault):
                return .refused(
                    code: fault.rawValue, message: fault.message,
                    try Response.json(
                        AliyunRefusal(fault, host: call.host), status: fault.status, retryAfter: fault.retryAfter))
            }
        }
    }

    private func accept(_ call: RootCall, meeting fault: SandboxFault?) throws(AliyunFault) -> GatewayDelivery.Receipt {
        let now = now()
        guard call.header("x-acs-action") == "SendSms" else { throw .actionUnknown }
        guard call.header("x-acs-version") == "2017-05-25" else { throw .versionUnknown }
        try AliyunAuthorization(account: account, now: now).check(call)
        guard nonces.admit(call.header("x-acs-signature-nonce") ?? "", at: now) else { throw .nonceUsed }
        let message = try AliyunMessage(call, for: account)
        let submission = Submission(
            mobile: message.mobile, text: message.text, code: message.code, template: account.templateCode,
            messageID: "\(UInt64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))^0",
            reference: message.outID)
        return try delivery.deliver(submission, meeting: fault, at: now, refusingWith: AliyunFault.self)
    }

    private struct Acceptance: Encodable {
        var messageID: String
        var code = "OK"
        var message = "OK"
        var requestID = UUID().uuidString

        enum CodingKeys: String, CodingKey {
            case messageID = "BizId"
            case code = "Code"
            case message = "Message"
            case requestID = "RequestId"
        }
    }
}

/// Why a call was refused, as the vendor writes it, whatever was asked for.
struct AliyunRefusal: Encodable {
    var code: String
    var message: String
    var requestID = UUID().uuidString
    /// What only those answers have that do not come from the SMS service itself.
    var hostID: String?
    var recommendation: String?

    init(_ fault: AliyunFault, host: String) {
        code = fault.rawValue
        message = fault.message
        guard fault.status != .ok else { return }
        hostID = host
        recommendation = "https://api.aliyun.com/troubleshoot?q=\(fault.rawValue)&product=Dysmsapi"
    }

    enum CodingKeys: String, CodingKey {
        case code = "Code"
        case message = "Message"
        case requestID = "RequestId"
        case hostID = "HostId"
        case recommendation = "Recommend"
    }
}
