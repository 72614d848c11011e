public import AsyncHTTPClient
public import FoundationEssentials

/// Amazon SNS: free text over the Publish action of API version 2010-03-31
/// (`https://docs.aws.amazon.com/sns/latest/api/API_Publish.html`).
public struct AmazonSNS: SMSProvider {
    /// `sns`.
    public var name: String { Self.name }
    static let name = "sns"

    private let configuration: AmazonSNSConfiguration
    private let http: GatewayHTTP
    private let now: @Sendable () -> Date

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - configuration: The account.
    ///   - client: A client made with
    ///     ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``. Whoever made it shuts
    ///     it down.
    ///   - now: The clock that requests are signed with. It may be fifteen minutes off at most.
    public init(
        configuration: AmazonSNSConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    public func send(_ message: OutgoingMessage) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard let address = GatewayAddress(configuration.baseURL) else { return .noAddress }
        let request = AmazonSNSRequest(
            message, to: recipient, at: address, with: configuration,
            secondsSince1970: Int(now().timeIntervalSince1970))
        return await http.result(ofPosting: message, to: address.url, headers: request.headers, body: request.body) {
            AmazonSNSReply($0)?.result
        }
    }
}
