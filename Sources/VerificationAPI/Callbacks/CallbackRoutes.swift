import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RedisClient
import SMSProviders
import SMSVerification

/// `POST /callbacks/<provider>`, with an unguessable part behind it for gateways that do not sign: what gateways report of
/// messages.
///
/// A report on a message that nobody knows is answered as any other. Reports change what is known of messages and nothing
/// else.
struct CallbackRoutes: Sendable {
    /// Gateways post many reports at a time.
    static let maximumBodySize = 64 * 1024
    static let prefix = "/callbacks/"

    let configuration: CallbackConfiguration
    let deliveries: DeliveryRecords

    func add(to router: some RouterMethods<APIRequestContext>) {
        for gateway in configuration.gateways {
            let path: RouterPath
            if case .secretPath = gateway.proof {
                path = "\(Self.prefix)\(gateway.name)/{secret}"
            } else {
                path = "\(Self.prefix)\(gateway.name)"
            }
            router.on(path, method: .post) { request, context in
                try await receive(request, context, from: gateway)
            }
            .allow(.post, at: path)
        }
    }

    private func receive(
        _ request: Request, _ context: APIRequestContext, from gateway: CallbackConfiguration.Gateway
    ) async throws -> Response {
        switch gateway.proof {
        case .secretPath(let secret, let read, let answer):
            guard secret.matches(try context.parameters.require("secret")) else { throw Problem.nothingHere }
            try await take(read(try await request.callbackBody()), from: gateway)
            return .fixed(answer)
        case .twilio(let signature, let url):
            let query = request.uri.query ?? ""
            let called = query.isEmpty ? url : "\(url)?\(query)"
            let report = TwilioReport(try await request.callbackBody())
            guard let report, let given = request.headers[.twilioSignature],
                signature.isValid(given, url: called, parameters: report.fields)
            else { throw Problem(.forbidden, detail: "X-Twilio-Signature is not that of this address and form.") }
            try await take(report.reports(query: query), from: gateway)
            return Response(status: .noContent, headers: .neverCached)
        case .webhook(let signature):
            let body = try await request.callbackBody()
            guard let given = request.headers[.webhookSignature], let id = request.headers[.webhookID],
                let time = request.headers[.webhookTimestamp],
                signature.isValid(
                    given, id: id, timestamp: time, body: body, secondsSince1970: Int(Date().timeIntervalSince1970))
            else {
                throw Problem(
                    .unauthorized,
                    detail: "webhook-signature is not that of webhook-id, webhook-timestamp and body, or is too old.")
            }
            try await take(SignedWebhookReport.read(body), from: gateway)
            return Response(status: .noContent, headers: .neverCached)
        }
    }

    /// When it returns, each report has had its effect.
    private func take(_ reports: [DeliveryReport]?, from gateway: CallbackConfiguration.Gateway) async throws {
        guard let reports else {
            throw Problem(.badRequest, detail: "The body is no report of \(gateway.name).")
        }
        do throws(RedisError) {
            for report in reports {
                try await deliveries.report(
                    MessageState(report.status), by: gateway.name, reference: report.messageID, jobID: report.taskID,
                    code: report.code)
            }
        } catch {
            throw VerificationUnavailable(part: "broker", message: error.message)
        }
    }
}

extension MessageState {
    fileprivate init(_ status: DeliveryReport.Status) {
        switch status {
        case .accepted: self = .accepted
        case .delivered: self = .delivered
        case .failed: self = .failed
        }
    }
}

extension Request {
    fileprivate func callbackBody() async throws -> [UInt8] {
        Array(try await bodyBytes(upTo: CallbackRoutes.maximumBodySize).readableBytesView)
    }
}

extension Response {
    /// What a gateway wants to read, in its own form: JSON, or XML.
    fileprivate static func fixed(_ text: String) -> Response {
        var headers = HTTPFields.neverCached
        headers[.contentType] =
            text.hasPrefix("<") ? "application/xml; charset=utf-8" : "application/json; charset=utf-8"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
