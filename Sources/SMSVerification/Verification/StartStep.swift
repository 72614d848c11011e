internal import Crypto
internal import RedisClient
internal import TaskQueue

/// One run of `start.lua`, and of `withdraw.lua`, which undoes it.
struct StartStep: Sendable {
    /// What a caller is told to wait for whom others stand in the way.
    private static let neutralWait = Duration.seconds(60)

    /// What came of it.
    enum Reply: Sendable {
        case started(StartedVerification, Message)
        case ended(StartOutcome)
    }

    /// What is to be handed over to the queue.
    struct Message: Sendable {
        /// The code as it is stored; nil: nothing.
        let copy: String?
        /// The step itself has put it there, or nothing, where it would have.
        let isOnQueue: Bool
        /// For logs and metrics.
        let label: String
    }

    let request: StartRequest
    /// The name of the message that it sends: no other has it, nor has the same code when it is sent again.
    let sendName: String
    private let id: VerificationID
    private let again: VerificationID?
    private let answers: [String]
    private let limiter: SendLimiter
    private var block: ChargeBlock
    private let push: JobPush
    private let keys: [String]
    /// What is kept under other names since the sealing keys have changed.
    private let renamed: [String]
    private let arguments: [any RedisArgument]

    init(
        _ request: StartRequest, again: VerificationID?, secrets: StoredSecrets, policy: VerificationPolicy,
        limiter: SendLimiter, jobs: CodeJobs
    ) throws(VerificationUnavailable) {
        self.request = request
        self.again = again
        id = .random()
        let code = OneTimeCode.random()
        let subjects = SendSubjects(request.mobile, request.address, secrets, client: request.client)
        self.limiter = limiter
        sendName = (RequestID.current ?? .random()).text
        block = limiter.block(subjects, send: sendName)
        block.isBlocked = block.rules.table.blocked.contains(request.mobile)
        let (proof, name) = (request.proof, request.idempotencyKey ?? "")
        answers =
            proof.picture.map {
                secrets.captcha(CaptchaAnswer($0.answer, policy.captchaAlphabet), $0.id, request.client)
            } ?? []
        let copy: String
        do {
            let code = CodeCopy(request.mobile, request.purpose, code)
            copy = try secrets.stored(code)
            push = try jobs.push(code, stored: copy, for: request, as: sendName)
        } catch {
            throw VerificationUnavailable(part: "sealing", message: "\(error)")
        }
        let asked = StoreKeys.asked(request.client, request.purpose, subject: subjects.number)
        keys = [
            StoreKeys.picture(proof.picture?.id ?? PictureID(checked: "")), proof.work?.key ?? "sms:work:",
            asked, StoreKeys.request(request.client, name),
        ]
        let others = secrets.others.map { SendSubjects(request.mobile, request.address, $0, client: request.client) }
        renamed =
            block.renamed(from: others)
            + others.flatMap { [StoreKeys.asked(request.client, request.purpose, subject: $0.number), asked] }
        // Keyed, as all that is made of numbers: a bare hash of one is found by trying all numbers.
        let fingerprint = Self.fingerprint(request)
        let fingerprints = name.isEmpty ? [] : ([secrets] + secrets.others).map { $0.subject(fingerprint) }
        arguments = [
            StoreKeys.verificationPrefix, id.text,
            secrets.owner(id, request.mobile, request.purpose, request.client)[0], secrets.code(code, id)[0], copy,
            policy.codeLifetime.wholeMilliseconds, policy.longestCodeLifetime.wholeMilliseconds,
            policy.maximumAttempts, answers.isEmpty ? "0" : "1", answers.first ?? "", answers.last ?? "",
            proof.work?.lifetime.wholeMilliseconds ?? 0, proof.work?.pressure ?? 0, again == nil ? 0 : 1,
            fingerprints.first ?? "", fingerprints.last ?? "", policy.idempotencyLifetime.wholeMilliseconds,
            again?.text ?? "",
        ]
    }

    /// - Throws: ``RedisError``; when it may have been executed, ``withdraw(in:pictureLifetime:)`` undoes it.
    func run(in store: RedisClient) async throws(RedisError) -> Reply {
        let reply = try await store.run(
            block.rules.scripts.start, keys: keys + push.keys + block.keys + renamed,
            arguments: arguments + push.arguments + block.arguments
        ).array
        if request.proof.picture != nil { try Self.pictureVerdict(reply)?.count() }
        switch try reply.first?.text {
        case "started", "repeated":
            guard let id = VerificationID(try reply[1].text) else { return .ended(.ended) }
            let started = StartedVerification(
                id: id, expiresIn: .milliseconds(try reply[2].integer), resendAfter: .milliseconds(try reply[3].integer)
            )
            guard reply.count > 4 else {
                return .started(started, Message(copy: nil, isOnQueue: false, label: "repeated"))
            }
            // Without a charge nothing is sent.
            let isCharged = reply.count > 7
            if isCharged { _ = try limiter.observed(reply[7], of: block) }
            let isAgain = try reply[5].text == "1"
            // Whether there is something to send must not be seen from how long it takes.
            let isOnQueue = try reply[6].text == "1"
            return .started(
                started,
                Message(
                    copy: isCharged ? try reply[4].text : nil, isOnQueue: isOnQueue,
                    label: !isCharged ? "silent" : isAgain ? "again" : "sent"))
        case "refused": return .ended(.proofRefused)
        case "conflict": return .ended(.idempotencyConflict)
        case "soon":
            return .ended(
                .tooSoon(retryAfter: .milliseconds(try reply[1].integer), VerificationID(try reply[2].text)))
        case "limited", "more": return .ended(try limit(reply))
        default: return .ended(.ended)
        }
    }

    /// What the picture's answer was worth; nil: nobody has looked at it.
    private static func pictureVerdict(_ reply: [RESPValue]) throws(RedisError) -> PictureVerdict? {
        switch try reply.first?.text {
        case "refused": PictureVerdict(rawValue: try reply[1].text) ?? .right
        case "conflict", "repeated", "over": nil
        default: .right
        }
    }

    private func limit(_ reply: [RESPValue]) throws(RedisError) -> StartOutcome {
        switch try limiter.observed(reply[1], of: block) {
        case .needsProof(.both(let pressure)): return .proofRequired(pressure: pressure)
        case .needsProof, .charged: return .proofRequired(pressure: 0)
        case .refused(let refusal):
            // How long a limit lasts that others have filled is not for the caller.
            let isOwn = try reply[2].text == "1"
            let wait = isOwn ? refusal.retryAfter : refusal.ownRetryAfter
            return .limited(retryAfter: wait ?? Self.neutralWait)
        }
    }

    /// Undoes a run whose message could not be handed over; nothing, when it has begun nothing.
    ///
    /// - Parameters:
    ///   - store: Where it ran.
    ///   - pictureLifetime: For how long the picture comes back.
    ///   - mayHavePushed: It may have put its job on the queue: then it is taken off, unless a worker has it.
    func withdraw(
        in store: RedisClient, pictureLifetime: Duration, mayHavePushed: Bool
    ) async throws(RedisError) {
        let push = mayHavePushed ? push : .none
        let arguments: [any RedisArgument] = [
            StoreKeys.verificationPrefix, answers.first ?? "", pictureLifetime.wholeMilliseconds,
        ]
        let database: [any RedisArgument] = [store.configuration.url.database]
        _ = try await store.run(
            block.rules.scripts.withdraw, keys: keys + push.keys + block.keys,
            arguments: arguments + push.arguments + database + block.arguments)
    }

    /// What makes a request the same: all of it but its name.
    private static func fingerprint(_ request: StartRequest) -> String {
        let parts = [request.mobile.canonical, request.purpose.name, request.proof.picture?.id.text ?? "-"]
        return Base64URL.encode(SHA256.hash(data: Array(parts.joined(separator: " ").utf8)))
    }
}
