/// A challenge: signed, so that nothing has to be remembered about it until it is used.
///
/// Its text is the only encoding: eight fields with dots between them.
///
///     pow1.sha256x16.18.<id>.<issued>.<expires>.<binding>.<signature>
///
/// version, algorithm, bits, 128 random bits, two moments in seconds since 1970, what it is bound to, and HMAC-SHA256 of
/// everything before the last dot. Bytes are in base64url.
public struct ProofOfWorkChallenge: Sendable, Hashable {
    static let version = "pow1"
    /// Sixteen puzzles of SHA-256: see ``ProofOfWorkPuzzles``.
    static let algorithm = "sha256x16"

    /// 2 to this power hashes are needed on average.
    public let bits: Int
    /// 22 characters that nobody can guess.
    public let id: String
    /// Seconds since 1970.
    public let issued: Int
    /// Seconds since 1970: from then on it is refused.
    public let expires: Int
    let binding: String
    /// What the solver is given.
    public let text: String

    init(bits: Int, id: String, issued: Int, expires: Int, binding: String, key: SecretKey) {
        self.bits = bits
        self.id = id
        self.issued = issued
        self.expires = expires
        self.binding = binding
        let fields = [Self.version, Self.algorithm, "\(bits)", id, "\(issued)", "\(expires)", binding]
        let signed = fields.joined(separator: ".")
        text = "\(signed).\(Base64URL.encode(key.authenticationCode(for: signed)))"
    }

    /// Reads a challenge that one of the keys has signed; nil for everything else. Nothing of it is looked at before its
    /// signature has been.
    init?(_ text: String, keys: [SecretKey]) {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let signed = String(text[..<dot])
        guard let code = Base64URL.decode(text[text.index(after: dot)...]),
            keys.contains(where: { $0.isValid(code, for: signed) })
        else { return nil }
        let fields = signed.split(separator: ".", omittingEmptySubsequences: false)
        guard fields.count == 7, fields[0] == Self.version, fields[1] == Self.algorithm, let bits = Int(fields[2]),
            let issued = Int(fields[4]), let expires = Int(fields[5])
        else { return nil }
        self.bits = bits
        id = String(fields[3])
        self.issued = issued
        self.expires = expires
        binding = String(fields[6])
        self.text = text
    }
}
