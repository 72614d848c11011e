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
    let delivery: GatewayDelivery
    let memory: SignedWebhookMemory
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<SandboxContext>) {
        gateways.post("webhook") { request, context in
            try await delivery.answer(request, context) { fault in
                switch await receive(request, meeting: fault) {
                case .success(let answer):
                    let response = try Response.json(Acceptance(providerMessageID: answer.messageID))
                    return answer.receipt.map { .accepted([$0], response) } ?? .repeated(response)
                case .failure(let fault):
                    return .refused(
                        code: fault.rawValue, message: fault.message,
                        try Response.json(Refusal(fault), status: fault.status, retryAfter: fault.retryAfter))
                }
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

    private func receive(
        _ request: Request, meeting fault: SandboxFault?
    ) async -> Result<SignedWebhookMemory.Answer, SignedWebhookFault> {
        do throws(SignedWebhookFault) {
            return .success(try accept(try await Call(request), meeting: fault))
        } catch {
            return .failure(error)
        }
    }

    private func accept(
        _ call: Call, meeting fault: SandboxFault?
    ) throws(SignedWebhookFault) -> SignedWebhookMemory.Answer {
        let now = now()
        guard call.contentType == "application/json" else { throw .contentTypeWrong }
        guard let signature = SignedWebhookSignature(secret: account.secret) else { throw .signatureMismatch }
        try signature.check(call, at: now)
        return try memory.answer(to: call.id, at: now) { () throws(SignedWebhookFault) in
            let message = try SignedWebhookMessage(call.body, at: now)
            let submission = Submission(
                mobile: message.number, text: message.text, code: message.code, template: message.template,
                messageID: UUID().uuidString.lowercased(), reference: call.id)
            return try delivery.deliver(
                submission, meeting: fault, at: now, refusingWith: SignedWebhookFault.self)
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
