internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A receiver of the signed webhook, with which any HTTP service can be an SMS gateway.
///
/// It shares no code with the client, so that a mistake in one is seen by the other. A repeated id gets the answer that
/// it got before, and sends nothing.
struct SignedWebhookGateway: Sendable {
    let account: SandboxAccount.SignedWebhook
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let memory: SignedWebhookMemory
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<BasicRequestContext>) {
        gateways.post("webhook") { request, context in
            switch await receive(request) {
            case .success(let answer):
                if answer.isRepeated { statistics.countRepeated() } else { statistics.countAccepted(answer.outcome) }
                return try await answer.outcome.disturb(
                    try Response.json(Acceptance(providerMessageID: answer.messageID)))
            case .failure(let fault):
                statistics.countRejected(code: fault.rawValue)
                context.logger.info("Signed webhook call refused: \(fault.rawValue), \(fault.message)")
                return try Response.json(Refusal(fault), status: fault.status, retryAfter: fault.retryAfter)
            }
        }
    }

    /// What a request says.
    struct Call {
        var contentType: String
        var id: String
        var timestamp: String
        var signatures: String
        var body: ByteBuffer
    }

    private func receive(_ request: Request) async -> Result<SignedWebhookMemory.Answer, SignedWebhookFault> {
        do throws(SignedWebhookFault) {
            return .success(try accept(try await Call(request)))
        } catch {
            return .failure(error)
        }
    }

    private func accept(_ call: Call) throws(SignedWebhookFault) -> SignedWebhookMemory.Answer {
        let now = now()
        guard call.contentType == "application/json" else { throw .contentTypeWrong }
        guard let signature = SignedWebhookSignature(secret: account.secret) else { throw .signatureMismatch }
        try signature.check(call, at: now)
        return try memory.answer(to: call.id, at: now) { () throws(SignedWebhookFault) in
            let message = try SignedWebhookMessage(call.body, at: now)
            let messageID = UUID().uuidString.lowercased()
            let outcome = try delivery.deliver(
                to: message.number, text: message.text, code: message.code, messageID: messageID, at: now,
                refusingWith: SignedWebhookFault.self)
            return (messageID, outcome)
        }
    }

    private struct Acceptance: Encodable {
        var status = "accepted"
        var providerMessageID: String

        enum CodingKeys: String, CodingKey {
            case status
            case providerMessageID = "provider_message_id"
        }
    }

    private struct Refusal: Encodable {
        var status: String
        var kind: String?
        var code: String
        var message: String

        enum CodingKeys: String, CodingKey {
            case status, code, message
            case kind = "class"
        }

        init(_ fault: SignedWebhookFault) {
            status = fault.kind == nil ? "retry" : "rejected"
            kind = fault.kind
            code = fault.rawValue
            message = fault.message
        }
    }
}

extension SignedWebhookGateway.Call {
    init(_ request: Request) async throws(SignedWebhookFault) {
        func header(_ name: String) -> String {
            HTTPField.Name(name).flatMap { request.headers[$0] } ?? ""
        }
        guard let body = try? await request.body.collect(upTo: 64 * 1024) else { throw .bodyTooLarge }
        self.init(
            contentType: header("content-type").split(separator: ";").first?.trimmed.lowercased() ?? "",
            id: header("webhook-id"), timestamp: header("webhook-timestamp"),
            signatures: header("webhook-signature"), body: body)
    }
}
