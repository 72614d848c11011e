internal import Crypto
internal import RedisClient

/// One run of `start.lua`, and of `withdraw.lua`, which undoes it.
struct StartStep: Sendable {
    private static let startScript = RedisScript(name: "start", source: PackageResources.start_lua)
    private static let withdrawScript = RedisScript(name: "withdraw", source: PackageResources.withdraw_lua)

    /// What came of it.
    enum Reply: Sendable {
        case started(StartedVerification, Message)
        case ended(StartOutcome)
    }

    /// What is to be handed over to the queue.
    struct Message: Sendable {
        /// The code as it is stored; nil: nothing.
        let copy: String?
        /// It was sent before.
        let isAgain: Bool
    }

    let request: StartRequest
    private let id: VerificationID
    private let again: VerificationID?
    private let answers: [String]
    private let keys: [String]
    private let arguments: [any RedisArgument]

    init(
        _ request: StartRequest, again: VerificationID?, secrets: StoredSecrets, policy: VerificationPolicy, now: Int?
    ) throws(VerificationUnavailable) {
        self.request = request
        self.again = again
        id = .random()
        let code = OneTimeCode.random()
        let subject = secrets.subject(request.mobile.canonical)
        let (proof, name) = (request.proof, request.idempotencyKey ?? "")
        answers = proof.picture.map { secrets.captcha(CaptchaAnswer($0.answer), $0.id, request.client) } ?? []
        let copy: String
        do {
            copy = try secrets.stored(CodeCopy(request.mobile, request.purpose, code))
        } catch {
            throw VerificationUnavailable(part: "sealing", message: "\(error)")
        }
        keys = [
            StoreKeys.picture(proof.picture?.id ?? PictureID(checked: "")), proof.work?.key ?? "sms:work:",
            StoreKeys.asked(request.client, request.purpose, subject: subject),
            StoreKeys.request(request.client, name), StoreKeys.blocked(subject: subject),
        ]
        let fingerprint = name.isEmpty ? "" : Self.fingerprint(request)
        arguments = [
            now.map { "\($0)" } ?? "", StoreKeys.verificationPrefix, id.text,
            secrets.owner(request.mobile, request.purpose, request.client)[0], secrets.code(code, id)[0], copy,
            policy.codeLifetime.wholeMilliseconds, policy.longestCodeLifetime.wholeMilliseconds,
            policy.resendInterval.wholeMilliseconds, policy.longestResendInterval.wholeMilliseconds,
            policy.maximumAttempts, answers.isEmpty ? "0" : "1", answers.first ?? "", answers.last ?? "",
            proof.work?.lifetime.wholeMilliseconds ?? 0, proof.work?.pressure ?? 0, again == nil ? 0 : 1, fingerprint,
            policy.idempotencyLifetime.wholeMilliseconds, again?.text ?? "",
        ]
    }

    /// - Throws: ``RedisError``; when it may have been executed, ``withdraw(_:isAgain:pictureLifetime:in:)`` undoes it.
    func run(in store: RedisClient) async throws(RedisError) -> Reply {
        let reply = try await store.run(Self.startScript, keys: keys, arguments: arguments).array
        switch try reply.first?.text {
        case "started":
            guard let id = VerificationID(try reply[1].text) else { return .ended(.ended) }
            let started = StartedVerification(
                id: id, expiresIn: .milliseconds(try reply[2].integer), resendAfter: .milliseconds(try reply[3].integer)
            )
            let isSilent = try reply[4].integer == 1
            return .started(
                started, Message(copy: isSilent ? nil : try reply[5].text, isAgain: try reply[6].integer == 1))
        case "refused": return .ended(.proofRefused)
        case "conflict": return .ended(.idempotencyConflict)
        case "soon": return .ended(.tooSoon(retryAfter: .milliseconds(try reply[1].integer)))
        case "limited": return .ended(.limited(retryAfter: .milliseconds(try reply[2].integer)))
        case "more": return .ended(.proofRequired(pressure: try reply[1].integer))
        default: return .ended(.ended)
        }
    }

    /// Undoes a run whose message could not be handed over.
    ///
    /// - Parameter started: What it has begun; nil: its reply was lost.
    func withdraw(
        _ started: StartedVerification?, isAgain: Bool, pictureLifetime: Duration, in store: RedisClient
    ) async throws(RedisError) {
        let id = started?.id ?? again ?? id
        _ = try await store.run(
            Self.withdrawScript, keys: Array(keys[..<4]) + [StoreKeys.verification(id)],
            arguments: [id.text, answers.first ?? "", pictureLifetime.wholeMilliseconds, isAgain ? "1" : "0"])
    }

    /// What makes a request the same: all of it but its name.
    private static func fingerprint(_ request: StartRequest) -> String {
        let parts = [request.mobile.canonical, request.purpose.name, request.proof.picture?.id.text ?? "-"]
        return Base64URL.encode(SHA256.hash(data: Array(parts.joined(separator: " ").utf8)))
    }
}
