internal import Crypto

/// A key that this service shares with nobody but itself: for signing what it will read again, and for pseudonyms.
///
/// Its description is masked.
public struct SecretKey: Sendable, SecretValue {
    /// As long as what HMAC-SHA256 gives: shorter keys weaken it. Source: RFC 2104, section 3.
    public static let minimumByteCount = 32

    let symmetric: SymmetricKey

    /// Takes a key's bytes; nil when there are fewer than ``minimumByteCount``.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.minimumByteCount else { return nil }
        symmetric = SymmetricKey(data: bytes)
    }

    /// Reads a key: all bytes of the file, as they are.
    ///
    /// - Throws: ``KeyFileError``.
    public init(file path: String) throws(KeyFileError) {
        let remedy = "make one: openssl rand -out \(path) \(Self.minimumByteCount)"
        let bytes = try KeyFile(path: path).contents(remedy: remedy)
        guard let key = SecretKey(bytes) else {
            throw KeyFileError(
                file: path, reason: "holds \(bytes.count) bytes, and a key has \(Self.minimumByteCount) or more",
                remedy: remedy)
        }
        self = key
    }

    /// A new key from the system's generator. What was signed with it is void when the process ends.
    public static func random() -> SecretKey {
        SecretKey(symmetric: SymmetricKey(size: .bits256))
    }

    private init(symmetric: SymmetricKey) {
        self.symmetric = symmetric
    }

    /// HMAC-SHA256 of a text. Source: RFC 2104.
    func authenticationCode(for text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: symmetric))
    }

    /// Whether a code is that of the text; how long this takes does not tell where they differ.
    func isValid(_ code: [UInt8], for text: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Array(text.utf8), using: symmetric)
    }

    public var description: String { "SecretKey(***)" }
}
