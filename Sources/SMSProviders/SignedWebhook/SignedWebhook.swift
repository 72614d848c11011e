public import AsyncHTTPClient
public import FoundationEssentials

/// A service of one's own that sends messages: it takes a signed JSON document by HTTP and says what became of it.
///
/// Headers, signature and keys are those of Standard Webhooks (`https://www.standardwebhooks.com`), so that its
/// libraries can be used on the other side.
public struct SignedWebhook: SMSProvider {
    /// `webhook`.
    public var name: String { Self.name }
    static let name = "webhook"

    private let configuration: SignedWebhookConfiguration
    private let fault: AccountFault?
    private let egress: EgressCheck?
    private let http: GatewayHTTP
    private let now: @Sendable () -> Date

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - configuration: The address and the secrets.
    ///   - client: A client made with
    ///     ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``. Whoever made it shuts
    ///     it down.
    ///   - now: The clock that requests are signed with. It may be five minutes off at most.
    public init(
        configuration: SignedWebhookConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        do {
            try configuration.validate()
            fault = nil
        } catch {
            fault = error
        }
        egress = configuration.allowsInternalAddresses ? nil : EgressCheck(url: configuration.url)
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    /// Sends nothing with settings that ``SignedWebhookConfiguration/validate()`` refuses: the code would leave unsigned
    /// or in the clear.
    public func send(_ message: OutgoingMessage) async -> SendResult {
        if let fault { return SendResult(.badConfiguration(.param), detail: "\(fault.property): \(fault.description)") }
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard await egress?.allows() ?? true else {
            return SendResult(
                .badConfiguration(.egress),
                detail: "the receiver's name leads to an internal address, so nothing was sent")
        }
        let request = SignedWebhookRequest(
            message, to: recipient, with: configuration, secondsSince1970: Int(now().timeIntervalSince1970))
        return await http.result(
            ofPosting: message, to: configuration.url, headers: request.headers, body: request.body
        ) {
            SignedWebhookReply($0).result
        }
    }

    /// By a repeated call: the receiver recognises the task.
    public var outcomeQuery: OutcomeQuery? { .repeatedCall }
}
