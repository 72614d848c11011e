public import AsyncHTTPClient
public import FoundationEssentials

/// Twilio: free text over the Messages resource of API version 2010-04-01
/// (`https://www.twilio.com/docs/messaging/api/message-resource`).
public struct Twilio: SMSProvider {
    /// `twilio`.
    public var name: String { Self.name }
    static let name = "twilio"

    private let configuration: TwilioConfiguration
    private let http: GatewayHTTP
    private let now: @Sendable () -> Date

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - configuration: The account.
    ///   - client: A client made with
    ///     ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``. Whoever made it shuts
    ///     it down.
    ///   - now: The clock that tells how long a code is still valid.
    public init(
        configuration: TwilioConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    public func send(_ message: OutgoingMessage) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        let request = TwilioRequest(
            message, to: recipient, with: configuration, secondsSince1970: Int(now().timeIntervalSince1970))
        let url = configuration.baseURL.droppingTrailingSlash + request.path
        return await http.result(ofPosting: message, to: url, headers: request.headers, body: request.body) {
            TwilioReply($0)?.result
        }
    }
}
