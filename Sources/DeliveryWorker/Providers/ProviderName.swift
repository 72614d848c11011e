/// The gateways that a worker can be told to use.
public enum ProviderName: String, Sendable, CaseIterable {
    /// Yuntongxun (容联云通讯).
    case yuntongxun
    /// Aliyun (阿里云短信服务).
    case aliyun
    /// Tencent Cloud (腾讯云短信).
    case tencent
    /// Twilio.
    case twilio
    /// Amazon SNS.
    case sns
    /// A service of one's own that speaks the signed webhook.
    case webhook
}
