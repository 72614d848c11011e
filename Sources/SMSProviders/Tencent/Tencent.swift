public import AsyncHTTPClient
public import FoundationEssentials

/// Tencent Cloud (腾讯云): template messages over the action SendSms of version 2021-01-11
/// (`https://cloud.tencent.com/document/api/382/55981`).
public struct Tencent: SMSProvider {
    /// `tencent`.
    public var name: String { Self.name }
    static let name = "tencent"

    private let configuration: TencentConfiguration
    private let http: GatewayHTTP
    private let now: @Sendable () -> Date

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - configuration: The account.
    ///   - client: A client made with
    ///     ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``. Whoever made it shuts
    ///     it down.
    ///   - now: The clock that requests are signed with. It may be five minutes off at most.
    public init(
        configuration: TencentConfiguration, client: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.http = GatewayHTTP(
            client: client, callTimeout: configuration.callTimeout, bodyLimit: configuration.bodyCap)
        self.now = now
    }

    public func send(_ message: OutgoingMessage) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard let address = GatewayAddress(configuration.baseURL) else { return .noAddress }
        let request = TencentRequest(
            message, to: recipient, at: address, with: configuration,
            secondsSince1970: Int(now().timeIntervalSince1970))
        return await http.result(ofPosting: message, to: address.url, headers: request.headers, body: request.body) {
            TencentReply($0.body)?.result(of: $0)
        }
    }

    public var outcomeQuery: OutcomeQuery? { .lookup(self) }
}

extension Tencent: OutcomeLookup {
    /// Looks for the task among the receipts of the number, by the action PullSmsSendStatusByPhoneNumber, which the
    /// vendor has to switch on. There is no receipt before the phone has answered: that there is none says nothing.
    public func outcome(of message: OutgoingMessage, sentAt sent: Int) async -> SendResult {
        guard let recipient = PhoneNumberForm(message.mobile) else { return .noPhoneNumber }
        guard let address = GatewayAddress(configuration.baseURL) else { return .noAddress }
        let request = TencentRequest(
            askingAboutMessagesTo: recipient, sentAt: sent, at: address, with: configuration,
            secondsSince1970: Int(now().timeIntervalSince1970))
        return await http.answer(toAsking: address.url, headers: request.headers, body: request.body) {
            TencentSendStatuses($0)?.result(for: message.taskID)
        }
    }
}
