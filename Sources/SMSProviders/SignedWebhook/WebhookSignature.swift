internal import Crypto
internal import FoundationEssentials

/// The signatures of Standard Webhooks, version 1
/// (`https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md`): of messages that
/// go out, and of delivery reports that come in.
public struct WebhookSignature: Sendable {
    private let secrets: [WebhookSecret]

    /// Makes a signer or a check. While a key is being replaced there are two secrets: what goes out is signed with
    /// both, and what comes in may be signed with either.
    public init(secrets: [WebhookSecret]) {
        self.secrets = secrets
    }

    /// The value of `webhook-signature`.
    ///
    /// - Parameters:
    ///   - id: The value of `webhook-id`; must not contain a dot.
    ///   - timestamp: The value of `webhook-timestamp`, in seconds since 1970-01-01 00:00 UTC.
    ///   - body: The bytes as they are sent.
    public func sign(id: String, timestamp: Int, body: some Sequence<UInt8>) -> String {
        let content = Self.content(id: id, timestamp: timestamp, body: body)
        return secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: secret.bytes))
            return "v1,\(Data(code).base64EncodedString())"
        }.joined(separator: " ")
    }

    /// Whether a request is authentic and fresh. Each code is compared in constant time.
    ///
    /// Repetitions within the tolerance are not noticed here: whoever acts on a request remembers its `id`.
    ///
    /// - Parameters:
    ///   - signature: The value of `webhook-signature`: signatures with a space between, of which one must fit.
    ///   - id: The value of `webhook-id`.
    ///   - timestamp: The value of `webhook-timestamp`.
    ///   - body: The bytes as they came.
    ///   - secondsSince1970: The time of arrival.
    ///   - tolerance: How many seconds the two clocks may be apart.
    public func isValid(
        _ signature: String, id: String, timestamp: String, body: some Sequence<UInt8>, secondsSince1970: Int,
        tolerance: Int = 300
    ) -> Bool {
        guard Self.isIdentifier(id), let sent = UInt32(timestamp).map({ Int($0) }), String(sent) == timestamp,
            abs(sent - secondsSince1970) <= tolerance
        else { return false }
        let content = Self.content(id: id, timestamp: sent, body: body)
        let codes = signature.split(separator: " ").filter { $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst("v1,".count))) }
        return secrets.contains { secret in
            let key = SymmetricKey(data: secret.bytes)
            return codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: content, using: key) }
        }
    }

    /// Whether the text may be a `webhook-id`: it has no dot, so that the signed bytes can be read in one way only.
    static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }

    private static func content(id: String, timestamp: Int, body: some Sequence<UInt8>) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}
