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
    let inbox: Inbox
    let statistics: CallStatistics
    let limiter: NumberLimiter
    let now: @Sendable () -> Date

    func recognizes(_ headers: HTTPFields) -> Bool {
        HTTPField.Name("x-tc-action").map(headers.contains) ?? false
    }

    func answer(_ call: RootCall, logger: Logger) throws -> Response {
        let result = receive(call)
        if let fault = Self.fault(in: result) {
            statistics.countRejected(code: fault.rawValue)
            logger.info("Tencent call refused: \(fault.rawValue) \(fault.message)")
        } else {
            statistics.countAccepted()
        }
        return try Response.json(TencentAnswer(result))
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
            return message.numbers.map { status(of: $0, message, at: now) }
        }
    }

    private func status(of text: String, _ message: TencentMessage, at now: Date) -> TencentAnswer.Status {
        let number = TencentNumber(text)
        return TencentAnswer.Status(
            number: number?.e164 ?? text, sessionContext: message.sessionContext,
            result: Result { () throws(TencentFault) in
                guard let number else { throw .numberMalformed }
                return try send(message, to: number, at: now)
            })
    }

    /// Returns the message's serial number.
    private func send(_ message: TencentMessage, to number: TencentNumber, at now: Date) throws(TencentFault) -> String
    {
        let content = try message.content(for: number)
        guard limiter.admit("tencent \(number.e164)", at: now) else { throw .numberTooOften }
        let serial = "5000:\(UInt64.random(in: 1_000_000_000_000_000_000...9_999_999_999_999_999_999))"
        inbox.deliver(
            gateway: "tencent", mobile: number.e164, text: content.text, code: content.code, messageID: serial,
            received: now)
        return serial
    }
}
