internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Twilio's interface for messages (Programmable Messaging, 2010-04-01), as the vendor answers it.
///
/// It shares no code with the client, so that a mistake in one is seen by the other.
struct TwilioGateway: Sendable {
    let account: SandboxAccount.Twilio
    let statistics: CallStatistics
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<BasicRequestContext>) {
        gateways.post(":version/Accounts/:sid/Messages.json") { request, context in
            let body = try await request.body.collect(upTo: 64 * 1024)
            let call = Call(
                version: context.parameters.get("version") ?? "", accountSID: context.parameters.get("sid") ?? "",
                authorization: request.headers[.authorization],
                fields: FormFields(body.readableBytesView, headers: request.headers))
            switch receive(call) {
            case .success(let (resource, outcome)):
                statistics.countAccepted(outcome)
                return try await outcome.disturb(try Response.twilio(resource, status: .created))
            case .failure(let fault):
                statistics.countRejected(code: "\(fault.rawValue)")
                context.logger.info("Twilio call refused: \(fault.rawValue) \(fault.message)")
                return try Response.twilio(
                    TwilioRefusal(fault), status: fault.status, retryAfter: fault.retryAfter)
            }
        }
    }

    /// What a request says.
    struct Call {
        /// The first part of the address.
        var version: String
        /// The account part of the address.
        var accountSID: String
        var authorization: String?
        var fields: FormFields
    }

    private typealias Acceptance = (resource: TwilioMessageResource, outcome: MagicOutcome?)

    private func receive(_ call: Call) -> Result<Acceptance, TwilioFault> {
        Result { () throws(TwilioFault) in try accept(call) }
    }

    private func accept(_ call: Call) throws(TwilioFault) -> Acceptance {
        let now = now()
        try TwilioAuthorization(account: account).check(call)
        let message = try TwilioMessage(call.fields, for: account)
        let sid = "SM" + (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
        let outcome = try delivery.deliver(
            to: message.to, text: message.text, code: FreeText.code(in: message.text), messageID: sid, at: now,
            refusingWith: TwilioFault.self)
        return (TwilioMessageResource(message, sid: sid, account: account, created: now), outcome)
    }
}
