public import AsyncHTTPClient
public import FoundationEssentials

/// Aliyun (阿里云): template messages over the action SendSms of the Dysmsapi, version 2017-05-25
/// (`https://help.aliyun.com/en/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms`).
public struct Aliyun: SMSProvider {
    /// `aliyun`.
    public var name: String { Self.name }
    static let name = "aliyun"

    private let configuration: AliyunConfiguration
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
        configuration: AliyunConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    public func send(_ message: OutgoingMessage) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard let address = GatewayAddress(configuration.baseURL) else { return .noAddress }
        let request = AliyunRequest(
            message, to: recipient, at: address, with: configuration,
            secondsSince1970: Int(now().timeIntervalSince1970), nonce: UUID().uuidString)
        return await http.result(ofPosting: message, to: address.url, headers: request.headers, body: request.body) {
            AliyunReply($0.body)?.result(of: $0)
        }
    }

    public var outcomeQuery: OutcomeQuery? { .lookup(self) }
}

extension Aliyun: OutcomeLookup {
    /// Looks for the task among the messages to the number, by the action QuerySendDetails. The access key must be
    /// allowed to call it.
    public func outcome(of message: OutgoingMessage, sentAt sent: Int) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard let address = GatewayAddress(configuration.baseURL) else { return .noAddress }
        let request = AliyunRequest(
            askingAboutMessagesTo: recipient, sentAt: sent, at: address, with: configuration,
            secondsSince1970: Int(now().timeIntervalSince1970), nonce: UUID().uuidString)
        return await http.answer(toAsking: address.url, headers: request.headers, body: request.body) {
            AliyunSendDetails($0)?.result(for: message.taskID)
        }
    }
}
