internal import Crypto
internal import FoundationEssentials

/// The check of `X-Twilio-Signature`, by which a delivery report proves that it comes from the gateway
/// (`https://www.twilio.com/docs/usage/security#validating-requests`).
///
/// The scheme has no time in it: a report that was seen once can be sent again, so whoever acts on one must stand
/// repetition.
public struct TwilioCallbackSignature: Sendable {
    /// What reports are signed with. The account's settings choose it, never the report: a report could ask for the
    /// weaker of the two.
    public enum Key: Sendable {
        /// HMAC-SHA-1 with the account's token.
        case authToken(String)
        /// HMAC-SHA-256 with the secret of a shared key (`X-Twilio-Webhooks-Signature-Settings`).
        case sharedKey(String)
    }

    private let key: Key

    /// Makes a check.
    public init(key: Key) {
        self.key = key
    }

    /// Whether a report that is a form bears this signature.
    ///
    /// - Parameters:
    ///   - signature: The value of `X-Twilio-Signature`.
    ///   - url: The public address that the gateway was told to call, with its query, from the service's own settings:
    ///     what the request says of its host is no proof.
    ///   - parameters: The form's fields, decoded.
    public func isValid(_ signature: String, url: String, parameters: [(name: String, value: String)]) -> Bool {
        let fields = Set(parameters.map { Field(name: Array($0.name.utf8), value: Array($0.value.utf8)) })
        return isValid(signature, url: url, suffix: fields.sorted().flatMap { $0.name + $0.value })
    }

    /// Whether a report that is JSON bears this signature. Its hash is in the query of `url`, as `bodySHA256`: an
    /// address without one is refused.
    public func isValid(_ signature: String, url: String, json body: some Sequence<UInt8>) -> Bool {
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first?.split(separator: "&") ?? []
        let hash = query.first { $0.hasPrefix("bodySHA256=") }?.dropFirst("bodySHA256=".count)
        guard let hash, hash.lowercased() == Digest.sha256(body) else { return false }
        return isValid(signature, url: url, suffix: [])
    }

    /// The gateway is not consistent about the default port, so the address counts with it and without.
    private func isValid(_ signature: String, url: String, suffix: [UInt8]) -> Bool {
        guard let code = Data(base64Encoded: signature) else { return false }
        return Self.forms(of: url).contains { isAuthentic(code, Array($0.utf8) + suffix) }
    }

    private func isAuthentic(_ code: Data, _ bytes: [UInt8]) -> Bool {
        switch key {
        case .authToken(let token):
            HMAC<Insecure.SHA1>.isValidAuthenticationCode(
                code, authenticating: bytes, using: SymmetricKey(data: Array(token.utf8)))
        case .sharedKey(let secret):
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: bytes, using: SymmetricKey(data: Array(secret.utf8)))
        }
    }

    /// The address as it is; and, if it has its scheme's default port, without it; and if it has no port, with it.
    private static func forms(of url: String) -> [String] {
        let parts = url.split(separator: "://", maxSplits: 1)
        guard parts.count == 2, let port = ["https": ":443", "http": ":80"][parts[0].lowercased()] else { return [url] }
        let authority = parts[1].prefix { $0 != "/" && $0 != "?" }
        let rest = parts[1].dropFirst(authority.count)
        if authority.hasSuffix(port) { return [url, "\(parts[0])://\(authority.dropLast(port.count))\(rest)"] }
        let host = authority.drop { $0 != "]" }
        let hasPort = (host.isEmpty ? authority : host).contains(":")
        return hasPort ? [url] : [url, "\(parts[0])://\(authority)\(port)\(rest)"]
    }
}

/// A form's field as bytes: the order of the signed string is theirs.
private struct Field: Hashable, Comparable {
    let name: [UInt8]
    let value: [UInt8]

    static func < (one: Field, other: Field) -> Bool {
        one.name == other.name
            ? one.value.lexicographicallyPrecedes(other.value) : one.name.lexicographicallyPrecedes(other.name)
    }
}
