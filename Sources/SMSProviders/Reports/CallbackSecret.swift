internal import Crypto

/// The part of a callback's address that nobody can guess, for gateways that do not sign their reports. Whoever knows it
/// can report whatever he likes, so that it never appears in logs.
public struct CallbackSecret: Sendable {
    /// As many characters has base64url for 128 bits.
    public static let shortest = 22
    private static let longest = 128

    private let digest: SHA256Digest

    /// Nil for what is too short to be unguessable, too long, or has other characters than letters, digits, `-` and `_`.
    public init?(_ text: String) {
        guard (Self.shortest...Self.longest).contains(text.utf8.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else { return nil }
        digest = SHA256.hash(data: Array(text.utf8))
    }

    /// Whether it is that one; how long this takes does not tell where they differ.
    public func matches(_ text: some StringProtocol) -> Bool {
        SHA256.hash(data: Array(text.utf8)) == digest
    }
}

extension CallbackSecret: CustomStringConvertible {
    /// A form for logs, without the secret.
    public var description: String { "callback secret ****" }
}
