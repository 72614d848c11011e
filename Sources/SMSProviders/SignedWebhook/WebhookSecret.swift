internal import FoundationEssentials

/// The key of a webhook's signatures, written as Standard Webhooks writes it: `whsec_`, then the bytes in base64.
public struct WebhookSecret: Sendable, Equatable {
    let bytes: [UInt8]

    /// Nil for what is not written so, and for keys of less than 24 or more than 64 bytes.
    public init?(_ text: String) {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix), let key = Data(base64Encoded: String(text.dropFirst(prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        bytes = Array(key)
    }
}

extension WebhookSecret: CustomStringConvertible {
    /// A form for logs, without the key.
    public var description: String { "whsec_****" }
}
