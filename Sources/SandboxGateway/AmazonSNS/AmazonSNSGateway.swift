internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Amazon SNS's Publish to a phone number (2010-03-31), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other.
struct AmazonSNSGateway: RootGateway {
    let account: SandboxAccount.AmazonSNS
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    /// A form without an `Authorization` is answered as the vendor does; others say in headers of their own whom they mean.
    func isMeant(by request: Request) -> Bool {
        if let authorization = request.headers[.authorization] {
            return authorization.hasPrefix(AmazonCredential.scheme)
        }
        return request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let call = try await RootCall(request)
        let requestID = UUID().uuidString.lowercased()
        switch receive(call) {
        case .success(let (messageID, outcome)):
            statistics.countAccepted(outcome)
            return try await outcome.disturb(
                .amazon(.accepted(messageID: messageID, requestID: requestID), status: .ok, requestID: requestID))
        case .failure(let fault):
            statistics.countRejected(code: fault.code)
            context.logger.info("Amazon SNS call refused: \(fault.code) \(fault.message)")
            return .amazon(
                .refused(fault, requestID: requestID), status: fault.status, requestID: requestID,
                retryAfter: fault.retryAfter)
        }
    }

    private typealias Acceptance = (messageID: String, outcome: MagicOutcome?)

    private func receive(_ call: RootCall) -> Result<Acceptance, AmazonSNSFault> {
        Result { () throws(AmazonSNSFault) in try accept(call) }
    }

    private func accept(_ call: RootCall) throws(AmazonSNSFault) -> Acceptance {
        let now = now()
        try AmazonSNSAuthorization(account: account, now: now).check(call)
        let message = try AmazonSNSMessage(FormFields(call.body, headers: call.headers))
        let messageID = UUID().uuidString.lowercased()
        let outcome = try delivery.deliver(
            to: message.number, text: message.text, code: FreeText.code(in: message.text), messageID: messageID,
            at: now, refusingWith: AmazonSNSFault.self)
        return (messageID, outcome)
    }
}
