internal import Crypto

/// The secret that signs the entries of an audit log: who can write into Redis, but does not have it, cannot make entries
/// that look genuine.
public struct AuditKey: Sendable, CustomStringConvertible {
    /// A key has at least so many bytes.
    public static let smallestSize = 32

    private let key: SymmetricKey

    /// Takes the bytes of a key.
    ///
    /// - Throws: ``AuditKeyTooShort`` when they are fewer than ``smallestSize``.
    public init(_ bytes: [UInt8]) throws(AuditKeyTooShort) {
        guard bytes.count >= Self.smallestSize else { throw AuditKeyTooShort(size: bytes.count) }
        key = SymmetricKey(data: bytes)
    }

    /// Without the key.
    public var description: String { "AuditKey" }

    func signature(of hash: String) -> String {
        Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: Array(hash.utf8), using: key))
    }

    func isSignature(_ text: String, of hash: String) -> Bool {
        guard let code = Hexadecimal.bytes(text) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Array(hash.utf8), using: key)
    }
}

/// A file or text has too few bytes for an ``AuditKey``.
public struct AuditKeyTooShort: Error, Sendable, Hashable, CustomStringConvertible {
    let size: Int
    public var description: String {
        "\(size) bytes are too few for a key: expected \(AuditKey.smallestSize), as openssl rand -out FILE 32 makes them"
    }
}

extension AuditEntry {
    /// What ties an entry to all that were before it.
    static func hash(of text: String, number: Int, after previous: String) -> String {
        Hexadecimal.text(SHA256.hash(data: Array("\(previous) \(number) \(text)".utf8)))
    }
}
