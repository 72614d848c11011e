internal import Crypto

/// The public half of a receipt key, as it is published.
public struct ReceiptVerificationKey: Sendable, Hashable {
    /// The key's name in the key set and in the header of each receipt: its thumbprint, so that it follows from the key
    /// alone. Source: RFC 7638.
    public let id: String
    let jsonWebKey: JSONWebKey

    /// Reads a P-256 key: a public one (PEM, `BEGIN PUBLIC KEY`), or a private one, of which only the public half is
    /// kept.
    ///
    /// - Throws: ``KeyFileError``.
    public init(file path: String) throws(KeyFileError) {
        let remedy = "write it with: openssl pkey -in OLD_PRIVATE_KEY -pubout -out \(path)"
        let pem = String(decoding: try KeyFile(path: path).contents(remedy: remedy), as: UTF8.self)
        let key =
            (try? P256.Signing.PublicKey(pemRepresentation: pem))
            ?? (try? P256.Signing.PrivateKey(pemRepresentation: pem))?.publicKey
        guard let key else {
            throw KeyFileError(file: path, reason: "holds no P-256 key in PEM form", remedy: remedy)
        }
        self.init(key)
    }

    init(_ key: P256.Signing.PublicKey) {
        let coordinates = key.rawRepresentation
        let x = Base64URL.encode(coordinates.prefix(32))
        let y = Base64URL.encode(coordinates.suffix(32))
        // The members that RFC 7638 names, in its order, without blanks.
        let canonical = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        id = Base64URL.encode(SHA256.hash(data: Array(canonical.utf8)))
        jsonWebKey = JSONWebKey(x: x, y: y, kid: id)
    }
}

/// A public P-256 key for signatures. Source: RFC 7517, section 4; RFC 7518, section 6.2.
struct JSONWebKey: Sendable, Hashable, Encodable {
    var kty = "EC"
    var crv = "P-256"
    var x: String
    var y: String
    var use = "sig"
    var alg = "ES256"
    var kid: String
}

/// Source: RFC 7517, section 5.
struct JSONWebKeySet: Encodable {
    var keys: [JSONWebKey]
}
