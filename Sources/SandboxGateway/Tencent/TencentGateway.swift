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
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    func isMeant(by request: Request) -> Bool {
        HTTPField.Name("x-tc-action").map(request.headers.contains) ?? false
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let result = receive(try await RootCall(request))
        let fault = Self.fault(in: result)
        let outcome = (try? result.get())?.compactMap(\.outcome).first
        if let fault {
            statistics.countRejected(code: fault.rawValue)
            context.logger.info("Tencent call refused: \(fault.rawValue) \(fault.message)")
        } else {
            statistics.countAccepted(outcome)
        }
        let response = try Response.json(TencentAnswer(result), retryAfter: fault?.retryAfter)
        return try await outcome.disturb(response)
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

    private func receive(_ call: RootCall) -> Result<[TencentAnswer.Status], TencentFault> {
        Result { () throws(TencentFault) in
            guard call.header("x-tc-action") == "SendSms" else { throw .actionUnknown }
            guard let version = call.header("x-tc-version"), call.header("x-tc-region")?.isEmpty == false else {
                throw .parameterMissing
            }
            guard version == "2021-01-11" else { throw .versionUnknown }
            let now = now()
            try TencentAuthorization(account: account, now: now).check(call)
            let message = try TencentMessage(call.body, for: account)
            let statuses = message.numbers.map { status(of: $0, message, at: now) }
            if let fault = statuses.compactMap(\.fault).first(where: \.concernsWholeRequest) { throw fault }
            return statuses
        }
    }

    private func status(of text: String, _ message: TencentMessage, at now: Date) -> TencentAnswer.Status {
        let number = TencentNumber(text)
        var status = TencentAnswer.Status(number: number?.e164 ?? text, sessionContext: message.sessionContext)
        do throws(TencentFault) {
            guard let number else { throw .numberMalformed }
            let content = try message.content(for: number)
            status.outcome = try delivery.deliver(
                to: number.e164, text: content.text, code: content.code, messageID: status.serialNumber,
                reference: message.sessionContext, at: now, refusingWith: TencentFault.self)
        } catch {
            status.fault = error
        }
        return status
    }
}
