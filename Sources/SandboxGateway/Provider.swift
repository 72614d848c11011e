/// The gateways that the sandbox plays, by their names in the inbox, in settings and in `/faults`.
public enum Provider: String, CaseIterable, Codable, Sendable {
    /// Yuntongxun (容联云通讯).
    case yuntongxun
    /// Aliyun (阿里云).
    case aliyun
    /// Tencent Cloud (腾讯云).
    case tencent
    /// Twilio.
    case twilio
    /// Amazon SNS.
    case sns
    /// A signed webhook.
    case webhook
}

extension Provider {
    /// The vendor's name for people.
    var title: String {
        switch self {
        case .yuntongxun: "Yuntongxun 容联云通讯"
        case .aliyun: "Aliyun 阿里云"
        case .tencent: "Tencent Cloud 腾讯云"
        case .twilio: "Twilio"
        case .sns: "Amazon SNS"
        case .webhook: "Signed webhook"
        }
    }
}
