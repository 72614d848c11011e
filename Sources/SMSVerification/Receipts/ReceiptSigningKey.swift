internal import Crypto
public import Logging

/// The private key that receipts are signed with: ECDSA over P-256 (`ES256`).
///
/// ES256 rather than EdDSA, since nearly every JWT library verifies it from its first day: PyJWT, jose, Nimbus and jjwt,
/// .NET, Go, PHP. EdDSA is missing from some (`jsonwebtoken`, .NET), needs another package in others (Nimbus), and its
/// name in the header is changing (RFC 9864).
///
/// Its description names the public half only.
public struct ReceiptSigningKey: Sendable, CustomStringConvertible {
    let privateKey: P256.Signing.PrivateKey
    /// The public half.
    public let verificationKey: ReceiptVerificationKey

    private init(_ key: P256.Signing.PrivateKey) {
        privateKey = key
        verificationKey = ReceiptVerificationKey(key.publicKey)
    }

    /// Reads a P-256 private key: PEM, PKCS #8 (`BEGIN PRIVATE KEY`) or SEC 1 (`BEGIN EC PRIVATE KEY`).
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - makingIfMissing: Makes a key when there is no such file, readable by its owner alone. Several processes that
    ///     start at the same moment end up with the same key.
    /// - Throws: ``KeyFileError``.
    public init(file path: String, makingIfMissing: Bool = false) throws(KeyFileError) {
        let file = KeyFile(path: path)
        if makingIfMissing, !file.exists {
            _ = try file.create(Array((P256.Signing.PrivateKey().pemRepresentation + "\n").utf8))
        }
        let remedy = "make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out \(path)"
        let pem = String(decoding: try file.contents(remedy: remedy), as: UTF8.self)
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) else {
            throw KeyFileError(
                file: path, reason: "holds no P-256 private key in PEM form without a passphrase", remedy: remedy)
        }
        self.init(key)
    }

    /// Reads such a key; nil when there is no such file.
    ///
    /// - Throws: ``KeyFileError``.
    public init?(existing path: String) throws(KeyFileError) {
        guard KeyFile(path: path).exists else { return nil }
        try self.init(file: path)
    }

    /// A key that lives as long as the process.
    public static func ephemeral(logger: Logger) -> ReceiptSigningKey {
        logger.warning(
            """
            receipts are signed with a key of this run alone: after a restart, and by other instances, they are not \
            known; configure a key file
            """)
        return ReceiptSigningKey(P256.Signing.PrivateKey())
    }

    public var description: String { "ReceiptSigningKey(\(verificationKey.id))" }
}
