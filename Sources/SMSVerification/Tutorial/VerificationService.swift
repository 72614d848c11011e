public import Logging
public import RedisClient
public import TaskQueue

/// What came of a request for a code.
public enum CodeRequestOutcome: Sendable, Equatable, CaseIterable {
    /// The job is on the broker's list, or the number is blocked, which is no business of the caller.
    case sent
    /// The number was sent a message a moment ago.
    case tooFrequent
    /// The captcha's answer or id is missing.
    case missingParameter
    /// There is no captcha of that id: too old, used already or never made.
    case captchaExpired
    /// The answer is wrong. The captcha is used up.
    case captchaWrong
}

/// What came of the wish for a captcha.
public enum CaptchaOutcome: Sendable, Equatable, SecretValue {
    /// It shows this.
    case issued(text: String)
    /// The address was shown too many.
    case tooMany(retryAfter: Duration)

    /// Without what it shows.
    public var description: String {
        switch self {
        case .issued: "issued"
        case .tooMany(let wait): "too many, again after \(wait)"
        }
    }
}

/// The store or the broker cannot do its part now. Flag and code that the request had written were taken back. When the
/// connection broke while the job was handed over, the job may be on the list all the same: its code is void then.
public struct VerificationUnavailable: Error, Sendable, CustomStringConvertible {
    /// `store` or `broker`.
    public var part: String
    /// What is wrong, for logs.
    public var message: String

    /// Makes an error.
    public init(part: String, message: String) {
        self.part = part
        self.message = message
    }

    public var description: String { "\(part): \(message)" }
}

/// The flow of a phone verification: a captcha, then a code on its way.
public struct VerificationService: Sendable {
    private let store: RedisClient
    private let producer: TaskProducer
    private let limiter: SendLimiter
    private let policy: VerificationPolicy
    private let logger: Logger
    /// The queue's database, where the scripts of the store can put jobs on it.
    private let database: Int?

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - store: Holds captchas, codes and send-flags.
    ///   - producer: Puts jobs on the broker's queue.
    ///   - limiter: How many messages may be sent. Its credit window does not count here: nobody tells which codes came
    ///     back.
    ///   - policy: How long things live.
    ///   - logger: For what went wrong; it is never told a code or a whole number.
    public init(
        store: RedisClient, producer: TaskProducer, limiter: SendLimiter,
        policy: VerificationPolicy = VerificationPolicy(), logger: Logger
    ) {
        self.store = store
        self.limiter = limiter
        self.producer = producer
        self.policy = policy
        self.logger = logger
        database = producer.database(onServerOf: store)
    }

    /// Makes a new captcha for that id, keeps its text, and returns the text for drawing.
    public func issueCaptcha(
        id: CaptchaID, to address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CaptchaOutcome {
        let text = policy.captchaAlphabet.text(length: CaptchaAlphabet.tutorialLength)
        let captchas = CaptchaStore(store: store, secrets: .plain, policy: policy)
        let wait = try await captchas.keep(
            StoreKeys.captcha(id), text, for: policy.captchaLifetime, shownTo: address)
        return wait.map { .tooMany(retryAfter: $0) } ?? .issued(text: text)
    }

    /// Checks the send-flag, the parameters and the captcha, in this order, then sends a new code on its way.
    ///
    /// The captcha is used up by the first look at it. Of several requests for one number at the same moment, one takes
    /// the flag. When ``CodeRequestOutcome/sent`` is returned, the job is on the broker's list.
    ///
    /// - Parameters:
    ///   - mobile: Whom to send to.
    ///   - captchaAnswer: What the person read in the picture.
    ///   - captchaID: Which picture.
    ///   - address: Where the request came from, nil when that is not known.
    /// - Throws: ``VerificationUnavailable``: no flag and no code stay behind; the client may retry at once.
    public func requestCode(
        for mobile: MobileNumber, captchaAnswer: String?, captchaID: String?, address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CodeRequestOutcome {
        try await carryOut { () async throws(VerificationUnavailable) in
            try await send(to: mobile, captchaAnswer, captchaID, address)
        }
    }

    private func send(
        to mobile: MobileNumber, _ captchaAnswer: String?, _ captchaID: String?, _ address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CodeRequestOutcome {
        let code = OneTimeCode.random()
        // Without credit there is nothing that would look for the send by its name.
        var block = limiter.block(SendSubjects(mobile, address, .plain), send: "")
        block.hasCredit = false
        block.isBlocked = block.rules.table.blocked.contains(mobile)
        // Without its parameters, or with what is no id, there is no captcha to look at.
        let isComplete = captchaAnswer?.isEmpty == false && captchaID?.isEmpty == false
        let id = captchaID.flatMap { CaptchaID($0) }.map { StoreKeys.captcha($0) } ?? StoreKeys.noCaptcha
        let arguments = SendCodeArguments(mobile: mobile.canonical, code: code.digits)
        let task = sendCodeTask(policy: policy)
        let push = (try? JobPush(task, arguments, id: RequestID.current, by: producer, into: database)) ?? .none
        let reservation: Reservation
        do throws(RedisError) {
            reservation = try await reserve(
                mobile, code, id, answer: isComplete ? captchaAnswer ?? "" : "", push, block)
        } catch {
            if error.mayHaveBeenExecuted { await takeBack(mobile, code, block, nil, push) }
            throw VerificationUnavailable(part: "store", message: error.message)
        }
        guard reservation.outcome == .sent, !reservation.isDone else { return reservation.outcome }
        do {
            if reservation.isSilent {
                try await producer.sendNothing()
            } else {
                try await producer.enqueue(task, arguments, id: RequestID.current)
            }
            return .sent
        } catch {
            await takeBack(mobile, reservation.isSilent ? nil : code, block, reservation.charge)
            throw VerificationUnavailable(part: "broker", message: "\(error)")
        }
    }

    private struct Reservation: Sendable {
        let outcome: CodeRequestOutcome
        /// The job is on the queue, or would be.
        var isDone = false
        /// The number is blocked: it is sent nothing, and the caller must not learn of that, nor from how long it takes or
        /// how it fails.
        var isSilent = false
        /// What was charged, as far as it is known.
        var charge: SendCharge?
    }

    private func reserve(
        _ mobile: MobileNumber, _ code: OneTimeCode, _ captcha: String, answer: String, _ push: JobPush,
        _ block: ChargeBlock
    ) async throws(RedisError) -> Reservation {
        let arguments: [any RedisArgument] = [
            answer.uppercased(), code.digits, policy.resendInterval.wholeMilliseconds,
            policy.codeLifetime.wholeMilliseconds,
        ]
        let keys = [StoreKeys.sendFlag(mobile), StoreKeys.code(mobile), captcha]
        let reply = try await store.run(
            block.rules.scripts.reserve, keys: keys + push.keys + block.keys,
            arguments: arguments + push.arguments + block.arguments
        ).array
        let word = try reply.first?.text
        Self.pictureVerdict(word)?.count()
        switch word {
        case "sent", "silent":
            var reservation = Reservation(outcome: .sent, isDone: try reply[2].text == "1", isSilent: word == "silent")
            if case .charged(let charge) = try limiter.observed(reply[1], of: block) { reservation.charge = charge }
            return reservation
        case "limited":
            _ = try limiter.observed(reply[1], of: block)
            return Reservation(outcome: .tooFrequent)
        case "too-frequent": return Reservation(outcome: .tooFrequent)
        case "missing": return Reservation(outcome: .missingParameter)
        case "wrong": return Reservation(outcome: .captchaWrong)
        default: return Reservation(outcome: .captchaExpired)
        }
    }

    /// What the picture's answer was worth; nil: nobody has looked at it.
    private static func pictureVerdict(_ word: String?) -> PictureVerdict? {
        switch word {
        case "sent", "silent", "limited": .right
        case "wrong": .wrong
        case "expired": .gone
        default: nil
        }
    }

    /// Removes what a failed request has written. When the store is away too, the flag goes by itself within the resend
    /// interval.
    ///
    /// - Parameters:
    ///   - code: The code that it has written; nil: none, since the number is blocked.
    ///   - charge: What it was charged; nil: that is not known, since the reply was lost.
    ///   - push: The job that it may have put on the queue.
    func takeBack(
        _ mobile: MobileNumber, _ code: OneTimeCode?, _ block: ChargeBlock, _ charge: SendCharge?,
        _ push: JobPush = .none
    ) async {
        do throws(RedisError) {
            try await undo { () async throws(RedisError) in
                _ = try await store.run(
                    block.rules.scripts.takeBack,
                    keys: [StoreKeys.sendFlag(mobile), StoreKeys.code(mobile)] + push.keys + block.keys,
                    arguments: [code?.digits ?? "", charge.map { "\($0.moment)" } ?? ""] + push.arguments
                        + [store.configuration.url.database] + block.arguments)
            }
        } catch {
            logger.warning("the send-flag of \(mobile) stays until it expires: \(error)")
        }
    }
}
