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
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<SandboxContext>) {
        gateways.post(":version/Accounts/:sid/Messages.json") { request, context in
            try await delivery.answer(request, context) { fault in
                let body = try await request.body.collect(upTo: 64 * 1024)
                let call = Call(
                    version: context.parameters.get("version") ?? "", accountSID: context.parameters.get("sid") ?? "",
                    authorization: request.headers[.authorization],
                    fields: FormFields(body.readableBytesView, headers: request.headers))
                switch Result(catching: { () throws(TwilioFault) in try accept(call, meeting: fault) }) {
                case .success(let (receipt, resource)):
                    return .accepted([receipt], try Response.twilio(resource, status: .created))
                case .failure(let fault):
                    return .refused(
                        code: "\(fault.rawValue)", message: fault.message,
                        try Response.twilio(
                            TwilioRefusal(fault), status: fault.status, retryAfter: fault.retryAfter))
                }
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

    private func accept(
        _ call: Call, meeting fault: SandboxFault?
    ) throws(TwilioFault) -> (GatewayDelivery.Receipt, TwilioMessageResource) {
        let now = now()
        try TwilioAuthorization(account: account).check(call)
        let message = try TwilioMessage(call.fields, for: account)
        let sid = "SM" + IdentifierNumbers.digits()
        let submission = Submission(
            mobile: message.to, text: message.text, code: FreeText.code(in: message.text), messageID: sid,
            sender: message.from, reportURL: message.statusCallback)
        let receipt = try delivery.deliver(submission, meeting: fault, at: now, refusingWith: TwilioFault.self)
        return (receipt, TwilioMessageResource(message, sid: sid, account: account, created: now))
    }
}
