internal import Crypto
internal import FoundationEssentials

/// The keys under which codes, captcha answers and jobs stand in Redis, so that nothing there reveals a code.
///
/// The newest key seals, every key opens: to rotate, give all processes the new key as another one first, then let it
/// seal, and take the old one away when nothing that it has sealed lives any more, that is, after a code's lifetime.
/// Limits know numbers by pseudonyms of the newest key; what they have counted follows when a number is next asked for,
/// as long as both keys are given, so that the old one had better stay for the longest of their periods.
public struct SealingKeys: Sendable {
    private struct Key: Sendable {
        let id: String
        let code: SymmetricKey
        let captcha: SymmetricKey
        let subject: SymmetricKey
        let job: SymmetricKey

        init(_ key: SecretKey) {
            func derived(_ name: String) -> SymmetricKey {
                HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: key.symmetric, info: Array("sms-queue \(name)".utf8), outputByteCount: 32)
            }
            code = derived("code")
            captcha = derived("captcha")
            subject = derived("subject")
            job = derived("job")
            id = derived("id").withUnsafeBytes { Base64URL.encode($0.prefix(6)) }
        }
    }

    private let newest: Key
    private let others: [Key]

    /// Derives what is needed from keys.
    ///
    /// - Parameters:
    ///   - key: Seals.
    ///   - others: Open as well: the previous one, or the next one.
    public init(_ key: SecretKey, others: [SecretKey] = []) {
        newest = Key(key)
        self.others = others.map { Key($0) }
    }

    /// Reads the keys from files.
    ///
    /// - Throws: ``KeyFileError``.
    public init(file: String, otherFiles: [String] = []) throws(KeyFileError) {
        let key = try SecretKey(file: file)
        var others: [SecretKey] = []
        for file in otherFiles { others.append(try SecretKey(file: file)) }
        self.init(key, others: others)
    }

    private init(newest: Key) {
        self.newest = newest
        others = []
    }

    private var all: [Key] { [newest] + others }

    /// Each of the other keys as if it were the only one.
    var othersAlone: [SealingKeys] { others.map { SealingKeys(newest: $0) } }

    /// What belongs to a code, as it is stored under the newest key, and what it would be under the others.
    func codes(_ parts: [String]) -> [String] { all.map { Self.mac(parts, $0.code) } }

    /// A captcha's answer, in the same way.
    func captchas(_ parts: [String]) -> [String] { all.map { Self.mac(parts, $0.captcha) } }

    /// What stands for a number or an address in keys of Redis.
    func subject(_ text: String) -> String { Self.mac([text], newest.subject) }

    /// A secret that only holders of the keys read, with the key's id in front.
    func seal(_ secret: String) throws -> String {
        let box = try AES.GCM.seal(Array(secret.utf8), using: newest.job, authenticating: Array(newest.id.utf8))
        return "\(newest.id).\(Base64URL.encode(box.nonce + box.ciphertext + box.tag))"
    }

    /// Reads what was sealed; nil when the key is not known, or a byte was changed.
    func open(_ sealed: String) -> String? {
        let parts = sealed.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let key = all.first(where: { $0.id == parts[0] }),
            let bytes = Base64URL.decode(parts[1]), let box = try? AES.GCM.SealedBox(combined: bytes),
            let secret = try? AES.GCM.open(box, using: key.job, authenticating: Array(key.id.utf8))
        else { return nil }
        return String(decoding: secret, as: UTF8.self)
    }

    /// Each part with its length in front, so that no two lists of parts are the same bytes.
    private static func mac(_ parts: [String], _ key: SymmetricKey) -> String {
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}
