internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Amazon SNS's Publish to a phone number (2010-03-31), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other.
struct AmazonSNSGateway: RootGateway {
    let account: SandboxAccount.AmazonSNS
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    /// A form without an `Authorization` is answered as the vendor does; others say in headers of their own whom they mean.
    func isMeant(by request: Request) -> Bool {
        if let authorization = request.headers[.authorization] {
            return authorization.hasPrefix(AmazonCredential.scheme)
        }
        return request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    func answer(_ request: Request, _ context: SandboxContext) async throws -> Response {
        try await delivery.answer(request, context) { fault in
            let call = try await RootCall(request)
            let requestID = UUID().uuidString.lowercased()
            switch Result(catching: { () throws(AmazonSNSFault) in try accept(call, meeting: fault) }) {
            case .success(let receipt):
                let document = AmazonSNSDocument.accepted(messageID: receipt.message.messageID, requestID: requestID)
                return .accepted([receipt], .amazon(document, status: .ok, requestID: requestID))
            case .failure(let fault):
                return .refused(
                    code: fault.code, message: fault.message,
                    .amazon(
                        .refused(fault, requestID: requestID), status: fault.status, requestID: requestID,
                        retryAfter: fault.retryAfter))
            }
        }
    }

    private func accept(_ call: RootCall, meeting fault: SandboxFault?) throws(AmazonSNSFault)
        -> GatewayDelivery.Receipt
    {
        let now = now()
        try AmazonSNSAuthorization(account: account, now: now).check(call)
        let message = try AmazonSNSMessage(FormFields(call.body, headers: call.headers))
        let submission = Submission(
            mobile: message.number, text: message.text, code: FreeText.code(in: message.text),
            messageID: UUID().uuidString.lowercased())
        return try delivery.deliver(submission, meeting: fault, at: now, refusingWith: AmazonSNSFault.self)
    }
}
