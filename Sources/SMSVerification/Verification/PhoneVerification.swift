public import Logging
internal import Metrics
public import RedisClient
public import TaskQueue

/// The flow of a phone verification: a picture or proof of work, a code on its way, the check.
///
/// Each step that decides something is one atomic script in the store. When ``StartOutcome/started(_:)`` is returned, the
/// job is on the broker's list.
public struct PhoneVerification: Sendable {
    /// A picture that comes back, since its request could not be carried out, has so long to live.
    private static let returnedPictureLifetime = Duration.seconds(60)

    private let store: RedisClient
    private let captchas: CaptchaStore
    private let jobs: CodeJobs
    private let secrets: StoredSecrets
    private let policy: VerificationPolicy
    private let limiter: SendLimiter
    private let deliveries: DeliveryRecords
    private let logger: Logger

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - store: Holds pictures, codes and limits.
    ///   - producer: Puts jobs on the broker's queue.
    ///   - broker: The broker's client.
    ///   - limiter: How many messages may be sent.
    ///   - secrets: How codes stand in Redis.
    ///   - policy: How long things live.
    ///   - logger: For what went wrong, and for the events that a reviewer asks for; it is never told a code or a whole
    ///     number.
    public init(
        store: RedisClient, producer: TaskProducer, broker: RedisClient, limiter: SendLimiter,
        secrets: StoredSecrets = .plain, policy: VerificationPolicy = VerificationPolicy(), logger: Logger
    ) {
        self.store = store
        self.limiter = limiter
        self.secrets = secrets
        self.policy = policy
        self.logger = logger
        captchas = CaptchaStore(store: store, secrets: secrets, policy: policy)
        deliveries = DeliveryRecords(broker: broker)
        jobs = CodeJobs(producer: producer, store: store, secrets: secrets, policy: policy)
    }

    // MARK: - Pictures

    /// Keeps the text of a picture for the client that it is shown to.
    public func issuePicture(
        of text: String, to client: ClientToken, at address: ClientAddress?
    ) async throws(VerificationUnavailable) -> PictureOutcome {
        let id = PictureID.random()
        let answer = secrets.captcha(CaptchaAnswer(text, policy.captchaAlphabet), id, client)[0]
        let wait = try await captchas.keep(
            StoreKeys.picture(id), answer, for: policy.pictureLifetime, shownTo: address)
        if let wait { return .tooMany(retryAfter: wait) }
        return .issued(IssuedPicture(id: id, text: text, lifetime: policy.pictureLifetime))
    }

    // MARK: - A code

    /// Checks the proof, and sends a new code on its way, or the same one again.
    ///
    /// - Throws: ``VerificationUnavailable``: nothing was charged and nothing stays behind; the client may retry at once,
    ///   with the same picture.
    public func start(_ request: StartRequest) async throws(VerificationUnavailable) -> StartOutcome {
        try await begin(request, again: nil)
    }

    /// Sends the code of a verification again.
    ///
    /// - Parameters:
    ///   - id: Which one.
    ///   - client: Who asks: the one that began it.
    ///   - address: Where the request came from.
    ///   - proof: What it brings; the proof of its beginning counts too.
    ///   - language: The language that the person reads; nil when that is not known.
    public func resend(
        _ id: VerificationID, client: ClientToken, address: ClientAddress?, proof: Proof, language: LanguageTag? = nil
    ) async throws(VerificationUnavailable) -> StartOutcome {
        let stored = try await inStore { () async throws(RedisError) in
            try await store.send(RedisCommand("HGET", StoreKeys.verification(id), "copy")).optional?.text
        }
        guard let copy = stored.flatMap({ secrets.copy($0) }) else { return .ended }
        var request = StartRequest(
            mobile: copy.mobile, purpose: copy.purpose, client: client, address: address, proof: proof)
        request.language = language
        return try await begin(request, again: id)
    }

    private func begin(
        _ request: StartRequest, again: VerificationID?
    ) async throws(VerificationUnavailable) -> StartOutcome {
        let step = try StartStep(
            request, again: again, secrets: secrets, policy: policy, limiter: limiter, jobs: jobs)
        return try await carryOut { () async throws(VerificationUnavailable) in try await take(step) }
    }

    private func take(_ step: StartStep) async throws(VerificationUnavailable) -> StartOutcome {
        let mobile = step.request.mobile
        let reply: StartStep.Reply
        do throws(RedisError) {
            reply = try await step.run(in: store)
        } catch {
            if error.mayHaveBeenExecuted { await withdraw(step, mayHavePushed: true) }
            throw VerificationUnavailable(part: "store", message: error.message)
        }
        switch reply {
        case .ended(let outcome):
            note("send", outcome.label, mobile)
            return outcome
        case .started(let started, let message):
            do {
                if !message.isOnQueue { try await jobs.send(message.copy, for: step.request, as: step.sendName) }
            } catch {
                await withdraw(step, mayHavePushed: false)
                throw VerificationUnavailable(part: "broker", message: "\(error)")
            }
            note("send", message.label, mobile)
            return .started(started)
        }
    }

    private func withdraw(_ step: StartStep, mayHavePushed: Bool) async {
        do throws(RedisError) {
            try await undo { () async throws(RedisError) in
                try await step.withdraw(
                    in: store, pictureLifetime: Self.returnedPictureLifetime, mayHavePushed: mayHavePushed)
            }
        } catch {
            logger.warning("what \(step.request.mobile) was charged stays until it expires: \(error)")
        }
    }

    // MARK: - The check

    /// Checks a code. The try is counted before the code is compared; the right one is used up.
    public func check(
        _ id: VerificationID, mobile: MobileNumber, purpose: Purpose, client: ClientToken, code: OneTimeCode
    ) async throws(VerificationUnavailable) -> CheckOutcome {
        let owners = secrets.owner(id, mobile, purpose, client)
        let codes = secrets.code(code, id)
        let credit = limiter.resolution(prefix: secrets.subject(mobile.prefix))
        let renamed = secrets.others.flatMap {
            [ChargeBlock.creditKey(prefix: $0.subject(mobile.prefix)), credit.key]
        }
        let outcome = try await inStore { () async throws(RedisError) in
            let reply = try await store.run(
                credit.scripts.check, keys: [StoreKeys.verification(id), credit.key] + renamed,
                arguments: [
                    owners[0], owners.last ?? "", codes[0], codes.last ?? "", policy.maximumAttempts, credit.now,
                ]
            ).array
            switch try reply.first?.text {
            case "verified":
                if let send = try reply[2].array.last?.text {
                    confirm(send, after: .milliseconds(try reply[1].integer))
                }
                return CheckOutcome.verified
            case "wrong": return CheckOutcome.wrong(attemptsLeft: try reply[1].integer)
            default: return CheckOutcome.ended
            }
        }
        note("check", outcome.label, mobile)
        return outcome
    }

    /// Of several messages the last one is credited with the code. The client's answer does not wait for it.
    private func confirm(_ send: String, after duration: Duration) {
        let deliveries = deliveries
        Task(executorPreference: RedisEventLoop.shared) {
            await deliveries.confirm(.job(ofSend: send), after: duration)
        }
    }

    // MARK: - The message

    /// What is known of the message that a verification has sent last; nil when there is no such verification of that
    /// client.
    ///
    /// Of a message that was not sent, for reasons that are no business of the caller, it tells what is told of others.
    public func delivery(
        of id: VerificationID, client: ClientToken
    ) async throws(VerificationUnavailable) -> MessageState? {
        let stored = try await inStore { () async throws(RedisError) in
            let replies = try await store.send([
                RedisCommand("HMGET", StoreKeys.verification(id), "copy", "owner", "sends", "last", "charged"),
                RedisCommand("TIME"),
            ])
            return try StoredMessage(fields: try replies[0].array, time: try replies[1].array)
        }
        guard let stored, let copy = secrets.copy(stored.copy),
            secrets.owner(id, copy.mobile, copy.purpose, client).contains(stored.owner)
        else { return nil }
        do throws(RedisError) {
            return stored.state(try await deliveries.view(of: .job(ofSend: stored.last)))
        } catch {
            throw VerificationUnavailable(part: "broker", message: error.message)
        }
    }

    /// Tells an event to the log, and counts it.
    private func note(_ event: String, _ outcome: String, _ mobile: MobileNumber) {
        logger.info("a code of \(mobile)", metadata: ["event": "\(event)", "outcome": "\(outcome)"])
        Counter(label: "verification.events", dimensions: [("event", event), ("outcome", outcome)]).increment()
    }

    private func inStore<Value: Sendable>(
        _ step: () async throws(RedisError) -> Value
    ) async throws(VerificationUnavailable) -> Value {
        do throws(RedisError) {
            return try await step()
        } catch {
            throw VerificationUnavailable(part: "store", message: error.message)
        }
    }
}
