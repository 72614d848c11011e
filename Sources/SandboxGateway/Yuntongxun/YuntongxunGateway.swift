internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Yuntongxun's TemplateSMS interface (REST 2013-12-26), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other. Every answer has HTTP status 200;
/// what happened is in `statusCode`.
struct YuntongxunGateway: Sendable {
    let account: SandboxAccount
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<BasicRequestContext>) {
        gateways.post(":version/Accounts/:sid/SMS/TemplateSMS") { request, context in
            let body = try? await request.body.collect(upTo: 64 * 1024)
            let call = Call(
                version: context.parameters.get("version") ?? "", accountSID: context.parameters.get("sid") ?? "",
                signature: request.uri.queryParameters["sig"].map(String.init),
                authorization: request.headers[.authorization], body: body)
            switch receive(call) {
            case .success(let acceptance):
                statistics.countAccepted(acceptance.outcome)
                return try await acceptance.outcome.disturb(try Response.json(acceptance))
            case .failure(let fault):
                statistics.countRejected(code: fault.rawValue)
                context.logger.info("Yuntongxun call refused: \(fault.rawValue) \(fault.message)")
                return try Response.json(
                    Refusal(statusCode: fault.rawValue, statusMsg: fault.message),
                    retryAfter: fault.retryAfter)
            }
        }
    }

    /// What a request says.
    struct Call {
        /// The first part of the address.
        var version: String
        /// The account part of the address.
        var accountSID: String
        /// The query's `sig`.
        var signature: String?
        var authorization: String?
        /// Nil if it was too large.
        var body: ByteBuffer?
    }

    private func receive(_ call: Call) -> Result<Acceptance, YuntongxunFault> {
        Result { () throws(YuntongxunFault) in try accept(call) }
    }

    private func accept(_ call: Call) throws(YuntongxunFault) -> Acceptance {
        let now = now()
        try YuntongxunAuthorization(account: account, now: now).check(call)
        guard let body = call.body else { throw .bodyUnreadable }
        let message = try YuntongxunMessage(body, for: account)
        if let requestID = message.requestID, delivery.sent.has(delivery.gateway, reference: requestID) {
            throw .requestRepeated
        }
        let identifier = UInt128.random(in: .min ... .max)
        let digits = String(identifier, radix: 16)
        let messageID = String(repeating: "0", count: 32 - digits.count) + digits
        let outcome = try delivery.deliver(
            to: message.mobile, text: message.text, code: message.code, messageID: messageID,
            reference: message.requestID, at: now, refusingWith: YuntongxunFault.self)
        return Acceptance(
            outcome: outcome, templateSMS: .init(dateCreated: ChinaCalendar.string(now), smsMessageSid: messageID))
    }

    private struct Acceptance: Encodable {
        var outcome: MagicOutcome?
        var statusCode = "000000"
        var templateSMS: Message

        enum CodingKeys: CodingKey {
            case statusCode, templateSMS
        }

        struct Message: Encodable {
            var dateCreated: String
            var smsMessageSid: String
        }
    }

    private struct Refusal: Encodable {
        var statusCode: String
        var statusMsg: String
    }
}
