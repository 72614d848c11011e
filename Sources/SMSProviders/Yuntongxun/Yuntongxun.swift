public import AsyncHTTPClient
public import FoundationEssentials

/// Yuntongxun (容联云通讯): template messages over the REST interface of version 2013-12-26.
///
/// The interface is the one that the vendor's own SDK speaks (`https://github.com/cloopen/python-sms-sdk`).
public struct Yuntongxun: SMSProvider {
    /// `yuntongxun`.
    public var name: String { Self.name }
    static let name = "yuntongxun"

    private let configuration: YuntongxunConfiguration
    private let http: GatewayHTTP
    private let now: @Sendable () -> Date

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - configuration: The account.
    ///   - client: A client made with
    ///     ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``. Whoever made it shuts
    ///     it down.
    ///   - now: The clock that requests are signed with.
    public init(
        configuration: YuntongxunConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    public func send(_ message: OutgoingMessage) async -> SendResult {
        let prefix = configuration.internationalPrefix
        guard let recipient = YuntongxunRequest.recipient(message.mobile, internationalPrefix: prefix) else {
            return .noPhoneNumber
        }
        let request = YuntongxunRequest(
            message, to: recipient, with: configuration, secondsSince1970: Int(now().timeIntervalSince1970))
        let url = configuration.baseURL.droppingTrailingSlash + request.path
        return await http.result(ofPosting: message, to: url, headers: request.headers, body: request.body) {
            let reply = YuntongxunReply($0.body)
            return configuration.identifiesRequests ? reply?.resultOfIdentifiedRequest : reply?.result
        }
    }

    /// By a repeated call, where requests have identifiers.
    public var outcomeQuery: OutcomeQuery? { configuration.identifiesRequests ? .repeatedCall : nil }
}
