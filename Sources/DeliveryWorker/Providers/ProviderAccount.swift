internal import AsyncHTTPClient
internal import Operations
public import SMSProviders

/// An account at one of the gateways.
public enum ProviderAccount: Sendable {
    /// At Yuntongxun.
    case yuntongxun(YuntongxunConfiguration)
    /// At Aliyun.
    case aliyun(AliyunConfiguration)
    /// At Tencent Cloud.
    case tencent(TencentConfiguration)
    /// At Twilio.
    case twilio(TwilioConfiguration)
    /// At Amazon SNS.
    case sns(AmazonSNSConfiguration)
    /// A service of one's own.
    case webhook(SignedWebhookConfiguration)

    /// The settings of all accounts.
    static let settings: [SettingDescription] =
        YuntongxunConfiguration.settings + AliyunConfiguration.settings + TencentConfiguration.settings
        + TwilioConfiguration.settings + AmazonSNSConfiguration.settings
        + SignedWebhookConfiguration.settings

    /// Reads the account's settings; what must be given and is not is empty.
    init(_ name: ProviderName, _ reader: inout SettingsReader) {
        switch name {
        case .yuntongxun: self = .yuntongxun(YuntongxunConfiguration(&reader))
        case .aliyun: self = .aliyun(AliyunConfiguration(&reader))
        case .tencent: self = .tencent(TencentConfiguration(&reader))
        case .twilio: self = .twilio(TwilioConfiguration(&reader))
        case .sns: self = .sns(AmazonSNSConfiguration(&reader))
        case .webhook: self = .webhook(SignedWebhookConfiguration(&reader))
        }
    }

    /// Whose account it is.
    var name: ProviderName {
        switch self {
        case .yuntongxun: .yuntongxun
        case .aliyun: .aliyun
        case .tencent: .tencent
        case .twilio: .twilio
        case .sns: .sns
        case .webhook: .webhook
        }
    }

    func provider(_ client: HTTPClient) -> any SMSProvider {
        switch self {
        case .yuntongxun(let configuration): Yuntongxun(configuration: configuration, client: client)
        case .aliyun(let configuration): Aliyun(configuration: configuration, client: client)
        case .tencent(let configuration): Tencent(configuration: configuration, client: client)
        case .twilio(let configuration): Twilio(configuration: configuration, client: client)
        case .sns(let configuration): AmazonSNS(configuration: configuration, client: client)
        case .webhook(let configuration): SignedWebhook(configuration: configuration, client: client)
        }
    }
}

extension ProviderAccount: CustomStringConvertible {
    /// Without secrets.
    public var description: String {
        switch self {
        case .yuntongxun(let configuration):
            "yuntongxun (\(configuration.baseURL), template \(configuration.templateID))"
        case .aliyun(let configuration): "aliyun (\(configuration.baseURL), template \(configuration.templateCode))"
        case .tencent(let configuration): "tencent (\(configuration.baseURL), template \(configuration.templateID))"
        case .twilio(let configuration): "twilio (\(configuration.baseURL), sender \(configuration.sender))"
        case .sns(let configuration): "sns (\(configuration.baseURL), region \(configuration.region))"
        case .webhook(let configuration): "webhook (\(configuration.url.prefix { $0 != "?" }))"
        }
    }
}
