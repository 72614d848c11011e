public import SMSProviders

/// Which gateways' reports are taken, and how each is known to be genuine.
public struct CallbackConfiguration: Sendable {
    /// A gateway whose reports are taken.
    public struct Gateway: Sendable {
        /// The provider's name, which the worker knows it by too.
        public var name: String
        /// What its reports prove themselves by.
        public var proof: Proof
    }

    /// What a report proves itself by.
    public enum Proof: Sendable {
        /// An unguessable part of the address, for Yuntongxun, Aliyun and Tencent, which sign nothing.
        case secretPath(CallbackSecret, read: @Sendable ([UInt8]) -> [DeliveryReport]?, answer: String)
        /// Twilio's signature of the address that it was told and the form's fields.
        case twilio(TwilioCallbackSignature, url: String)
        /// The signature of Standard Webhooks.
        case webhook(WebhookSignature)
    }

    /// The gateways; with none of them there are no routes.
    public var gateways: [Gateway] = []

    /// No gateway's reports are taken.
    public init() {}
}

extension CallbackConfiguration.Gateway {
    /// Reports of Yuntongxun.
    public static func yuntongxun(_ secret: CallbackSecret) -> Self {
        Self(
            name: "yuntongxun",
            proof: .secretPath(secret, read: { YuntongxunReport.read($0) }, answer: YuntongxunReport.answer))
    }

    /// Reports of Aliyun.
    public static func aliyun(_ secret: CallbackSecret) -> Self {
        Self(
            name: "aliyun", proof: .secretPath(secret, read: { AliyunReport.read($0) }, answer: AliyunReport.answer))
    }

    /// Reports of Tencent Cloud.
    public static func tencent(_ secret: CallbackSecret) -> Self {
        Self(
            name: "tencent", proof: .secretPath(secret, read: { TencentReport.read($0) }, answer: TencentReport.answer))
    }

    /// Reports of Twilio.
    ///
    /// - Parameters:
    ///   - key: What they are signed with.
    ///   - base: The service's address as gateways see it, without a slash at its end.
    public static func twilio(_ key: TwilioCallbackSignature.Key, base: String) -> Self {
        Self(name: "twilio", proof: .twilio(TwilioCallbackSignature(key: key), url: "\(base)/callbacks/twilio"))
    }

    /// Reports of a service of one's own.
    public static func webhook(_ secrets: [WebhookSecret]) -> Self {
        Self(name: "webhook", proof: .webhook(WebhookSignature(secrets: secrets)))
    }
}
