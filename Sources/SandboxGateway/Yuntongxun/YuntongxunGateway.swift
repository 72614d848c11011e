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
    let delivery: GatewayDelivery
    let now: @Sendable () -> Date

    func add(to gateways: RouterGroup<SandboxContext>) {
        gateways.post(":version/Accounts/:sid/SMS/TemplateSMS") { request, context in
            try await delivery.answer(request, context) { fault in
                let body = try? await request.body.collect(upTo: 64 * 1024)
                let call = Call(
                    version: context.parameters.get("version") ?? "", accountSID: context.parameters.get("sid") ?? "",
                    signature: request.uri.queryParameters["sig"].map(String.init),
                    authorization: request.headers[.authorization], body: body)
                let now = now()
                switch Result(catching: { () throws(YuntongxunFault) in try accept(call, at: now, meeting: fault) }) {
                case .success(let receipt):
                    return .accepted([receipt], Self.acceptance(receipt, at: now))
                case .failure(let fault):
                    return .refused(
                        code: fault.rawValue, message: fault.message,
                        try Response.json(
                            Refusal(statusCode: fault.rawValue, statusMsg: fault.message),
                            retryAfter: fault.retryAfter))
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
        /// The query's `sig`.
        var signature: String?
        var authorization: String?
        /// Nil if it was too large.
        var body: ByteBuffer?
    }

    private func accept(
        _ call: Call, at now: Date, meeting fault: SandboxFault?
    ) throws(YuntongxunFault) -> GatewayDelivery.Receipt {
        try YuntongxunAuthorization(account: account, now: now).check(call)
        guard let body = call.body else { throw .bodyUnreadable }
        let message = try YuntongxunMessage(body, for: account)
        if let requestID = message.requestID, delivery.sent.has(.yuntongxun, reference: requestID) {
            throw .requestRepeated
        }
        let submission = Submission(
            mobile: message.mobile, text: message.text, code: message.code, template: message.template,
            messageID: IdentifierNumbers.digits(), reference: message.requestID)
        return try delivery.deliver(submission, meeting: fault, at: now, refusingWith: YuntongxunFault.self)
    }

    /// None of the texts in it needs escaping.
    private static func acceptance(_ receipt: GatewayDelivery.Receipt, at now: Date) -> Response {
        let created = ChinaCalendar.string(now)
        let text =
            #"{"statusCode":"000000","templateSMS":{"dateCreated":"\#(created)","#
            + #""smsMessageSid":"\#(receipt.message.messageID)"}}"#
        return Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private struct Refusal: Encodable {
        var statusCode: String
        var statusMsg: String
    }
}
