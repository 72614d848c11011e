/// How secrets stand in Redis: in the tutorial's plain form, or so that nothing there reveals a code.
public enum StoredSecrets: Sendable {
    /// Codes and numbers as they are: a person with `redis-cli` reads them, and so does a Django application.
    case plain
    /// Codes and captcha answers as keyed hashes, numbers as pseudonyms, jobs encrypted.
    case sealed(SealingKeys)

    /// A captcha's answer, bound to picture and client: as it is stored, first, and what else it may have been stored as.
    func captcha(_ answer: CaptchaAnswer, _ id: PictureID, _ client: ClientToken) -> [String] {
        switch self {
        case .plain: ["\(client.text) \(answer.folded)"]
        case .sealed(let keys): keys.captchas([id.text, client.text, answer.folded])
        }
    }

    /// A code of one verification, in the same way.
    func code(_ code: OneTimeCode, _ id: VerificationID) -> [String] {
        switch self {
        case .plain: [code.digits]
        case .sealed(let keys): keys.codes([id.text, code.digits])
        }
    }

    /// Whose a verification is, in the same way: a code is good for this number, this purpose and this client alone. Sealed,
    /// it cannot be moved into another verification either.
    func owner(
        _ id: VerificationID, _ mobile: MobileNumber, _ purpose: Purpose, _ client: ClientToken
    ) -> [String] {
        let parts = [mobile.canonical, purpose.name, client.text]
        switch self {
        case .plain: return [parts.joined(separator: " ")]
        case .sealed(let keys): return keys.codes([id.text] + parts)
        }
    }

    /// What stands for a number or an address in keys of Redis.
    func subject(_ text: String) -> String {
        switch self {
        case .plain: text
        case .sealed(let keys): keys.subject(text)
        }
    }

    /// As keys of Redis were named while each of the other sealing keys was the newest.
    var others: [StoredSecrets] {
        switch self {
        case .plain: []
        case .sealed(let keys): keys.othersAlone.map { .sealed($0) }
        }
    }

    /// What the code was made for, for sending it again.
    func stored(_ copy: CodeCopy) throws -> String {
        switch self {
        case .plain: return copy.text
        case .sealed(let keys): return try keys.seal(copy.text)
        }
    }

    /// Reads a copy; nil when it is damaged or its key is gone.
    func copy(_ stored: String) -> CodeCopy? {
        switch self {
        case .plain: CodeCopy(stored)
        case .sealed(let keys): keys.open(stored).flatMap { CodeCopy($0) }
        }
    }
}
