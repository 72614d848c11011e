internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Aliyun's SendSms interface (Dysmsapi 2017-05-25), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other.
struct AliyunGateway: RootGateway {
    let account: SandboxAccount.Aliyun
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date
    /// A nonce is remembered for as long as its time stamp can be right: from 15 min too early to 15 min too late.
    private let nonces = NumberLimiter(interval: .seconds(30 * 60))

    init(
        account: SandboxAccount.Aliyun, statistics: CallStatistics, delivery: GatewayDelivery,
        now: @escaping @Sendable () -> Date
    ) {
        self.account = account
        self.statistics = statistics
        self.delivery = delivery
        self.now = now
    }

    func isMeant(by request: Request) -> Bool {
        HTTPField.Name("x-acs-action").map(request.headers.contains) ?? false
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let call = try await RootCall(request)
        switch receive(call) {
        case .success(let acceptance):
            statistics.countAccepted(acceptance.outcome)
            return try await acceptance.outcome.disturb(try Response.json(acceptance))
        case .failure(let fault):
            statistics.countRejected(code: fault.rawValue)
            context.logger.info("Aliyun call refused: \(fault.rawValue) \(fault.message)")
            return try Response.json(
                Refusal(fault, host: call.host), status: fault.status, retryAfter: fault.retryAfter)
        }
    }

    private func receive(_ call: RootCall) -> Result<Acceptance, AliyunFault> {
        Result { () throws(AliyunFault) in try accept(call) }
    }

    private func accept(_ call: RootCall) throws(AliyunFault) -> Acceptance {
        let now = now()
        guard call.header("x-acs-action") == "SendSms" else { throw .actionUnknown }
        guard call.header("x-acs-version") == "2017-05-25" else { throw .versionUnknown }
        try AliyunAuthorization(account: account, now: now).check(call)
        guard nonces.admit(call.header("x-acs-signature-nonce") ?? "", at: now) else { throw .nonceUsed }
        let message = try AliyunMessage(call, for: account)
        let messageID = "\(UInt64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))^0"
        let outcome = try delivery.deliver(
            to: message.mobile, text: message.text, code: message.code, messageID: messageID,
            reference: message.outID, at: now, refusingWith: AliyunFault.self)
        return Acceptance(outcome: outcome, messageID: messageID)
    }

    private struct Acceptance: Encodable {
        var outcome: MagicOutcome?
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

    private struct Refusal: Encodable {
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
}
