internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Tencent Cloud's SendSms interface (SMS 2021-01-11), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other. Every answer has HTTP status 200.
/// A request as a whole is refused with an `Error`; otherwise every number has a status of its own.
struct TencentGateway: RootGateway {
    let account: SandboxAccount.Tencent
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    private static let actionName = HTTPField.Name("x-tc-action")

    func isMeant(by request: Request) -> Bool {
        Self.actionName.map(request.headers.contains) ?? false
    }

    func answer(_ request: Request, _ context: SandboxContext) async throws -> Response {
        try await delivery.answer(request, context) { fault in
            let result = receive(try await RootCall(request), meeting: fault)
            let refusal = Self.fault(in: result)
            let response = try Response.json(TencentAnswer(result), retryAfter: refusal?.retryAfter)
            if let refusal { return .refused(code: refusal.rawValue, message: refusal.message, response) }
            return .accepted((try? result.get())?.compactMap(\.receipt) ?? [], response)
        }
    }

    /// Why no message of a request was taken.
    private static func fault(in result: Result<[TencentAnswer.Status], TencentFault>) -> TencentFault? {
        switch result {
        case .success(let statuses):
            let faults = statuses.compactMap(\.fault)
            return faults.count == statuses.count ? faults.first : nil
        case .failure(let fault): return fault
        }
    }

    private func receive(
        _ call: RootCall, meeting fault: SandboxFault?
    ) -> Result<[TencentAnswer.Status], TencentFault> {
        Result { () throws(TencentFault) in
            guard call.header("x-tc-action") == "SendSms" else { throw .actionUnknown }
            guard let version = call.header("x-tc-version"), call.header("x-tc-region")?.isEmpty == false else {
                throw .parameterMissing
            }
            guard version == "2021-01-11" else { throw .versionUnknown }
            let now = now()
            try TencentAuthorization(account: account, now: now).check(call)
            let message = try TencentMessage(call.body, for: account)
            let statuses = message.numbers.map { status(of: $0, message, meeting: fault, at: now) }
            if let fault = statuses.compactMap(\.fault).first(where: \.concernsWholeRequest) { throw fault }
            return statuses
        }
    }

    private func status(
        of text: String, _ message: TencentMessage, meeting fault: SandboxFault?, at now: Date
    ) -> TencentAnswer.Status {
        let number = TencentNumber(text)
        var status = TencentAnswer.Status(number: number?.e164 ?? text, sessionContext: message.sessionContext)
        do throws(TencentFault) {
            guard let number else { throw .numberMalformed }
            let content = try message.content(for: number)
            let submission = Submission(
                mobile: number.e164, text: content.text, code: content.code, template: account.templateID,
                messageID: status.serialNumber, reference: message.sessionContext)
            status.receipt = try delivery.deliver(
                submission, meeting: fault, at: now, refusingWith: TencentFault.self)
        } catch {
            status.fault = error
        }
        return status
    }
}
