public import Metrics
public import RedisClient
internal import TaskQueue

/// What became of each message, in the broker's Redis: the worker writes what a gateway answered, sms-api what it reports
/// afterwards, and clients read the state.
///
/// Nothing here reads or writes a verification: what is told of a message never changes whether a code is right.
///
/// It counts in swift-metrics: `sms.reports` by `provider`, `state` and `outcome`, `sms.delivery.duration` (from acceptance
/// to the phone) by `provider`, and `sms.confirmed` and `sms.code.duration` (from the request to the right code) by
/// `provider`, the first by `country` too.
public struct DeliveryRecords: Sendable {
    /// How long a message is known. A report that comes later is of no use for a code that has lived for minutes.
    public static let lifetime = Duration.seconds(6 * 3600)
    /// How long a report waits for the worker to say what the gateway has answered.
    public static let patience = Duration.seconds(600)
    /// The longest id of a gateway's, or of a job's, that is taken.
    private static let longestID = 128

    let broker: RedisClient
    private let metrics: any MetricsFactory

    /// Makes the records.
    ///
    /// - Parameters:
    ///   - broker: The broker's client.
    ///   - metrics: Where reports are counted, by default the process' own factory.
    public init(broker: RedisClient, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.broker = broker
        self.metrics = metrics
    }

    // MARK: - The worker

    /// Notes what a gateway said to one call, in one round trip; reports that came before are taken over.
    ///
    /// - Throws: ``RedisError``.
    public func record(_ attempt: DeliveryAttempt) async throws(RedisError) {
        let (provider, day) = (attempt.provider, String(WireTime.now.text.prefix(10)))
        let reference = attempt.reference.flatMap { Self.isID($0) ? $0 : nil } ?? ""
        var keys = [
            DeliveryKeys.message(attempt.jobID), DeliveryKeys.day(provider, day), DeliveryKeys.accepted,
            DeliveryKeys.early(provider, attempt.jobID),
        ]
        if !reference.isEmpty {
            keys += [DeliveryKeys.early(provider, reference), DeliveryKeys.reference(provider, reference)]
        }
        let arguments: [any RedisArgument] = [
            attempt.jobID, provider, reference, attempt.state?.rawValue ?? "", attempt.reason,
            attempt.isPrivate ? "1" : "", attempt.mobile.statisticsPrefix, attempt.mobile.country.text, day,
            attempt.duration.wholeMilliseconds, Self.lifetime.wholeMilliseconds, DeliveryKeys.dayPrefix,
            attempt.wasCalled ? "1" : "",
        ]
        for early in try await broker.run(DeliveryScripts.attempt, keys: keys, arguments: arguments).array {
            try note(early: try early.array[...], provider)
        }
    }

    /// Notes that the job of a message has ended, for what no provider has answered: nothing follows any more. Reports that
    /// came before are taken over.
    ///
    /// What a provider has said is not changed by it.
    ///
    /// - Parameters:
    ///   - state: ``MessageState/failed`` when it was certainly not sent, otherwise ``MessageState/unknown``.
    ///   - reason: Why the job ended, in a word.
    ///   - providers: Those that may have been called for it.
    /// - Throws: ``RedisError``.
    public func end(
        jobID: String, _ state: MessageState, reason: String, providers: [String]
    ) async throws(RedisError) {
        let arguments: [any RedisArgument] = [
            state.rawValue, reason, Self.lifetime.wholeMilliseconds, DeliveryKeys.dayPrefix,
        ]
        let ended = try await broker.run(
            DeliveryScripts.ended,
            keys: [DeliveryKeys.message(jobID)] + providers.map { DeliveryKeys.early($0, jobID) },
            arguments: arguments + providers)
        for early in try ended.array {
            let parts = try early.array
            guard let provider = try parts.first?.text else { continue }
            try note(early: parts.dropFirst(), provider)
        }
    }

    /// What is known of the message of a job; nil: nothing.
    ///
    /// - Throws: ``RedisError``.
    public func state(of jobID: String) async throws(RedisError) -> MessageState? {
        try Self.state(try await broker.send(RedisCommand("HGET", DeliveryKeys.message(jobID), "state")))
    }

    // MARK: - Reports

    /// What a report has brought.
    public enum ReportOutcome: String, Sendable {
        /// The message's state has risen.
        case new
        /// It was known, or more is known already.
        case repeated
        /// Nothing is known of such a message, or not that the provider was called for it. When it becomes known
        /// within ``DeliveryRecords/patience``, the report counts.
        case early
        /// It names no message.
        case nameless
    }

    /// Takes a gateway's report on a message.
    ///
    /// - Parameters:
    ///   - state: What it says.
    ///   - provider: Whose report it is.
    ///   - reference: The gateway's own id of the message.
    ///   - jobID: The id of the job, where the gateway gives it back: it tells what became of a call that was never answered.
    ///   - code: The gateway's word for it.
    /// - Throws: ``RedisError``: the gateway is to repeat it.
    @discardableResult
    public func report(
        _ state: MessageState, by provider: String, reference: String?, jobID: String?, code: String?
    ) async throws(RedisError) -> ReportOutcome {
        let reference = reference.flatMap { Self.isID($0) ? $0 : nil } ?? ""
        let jobID = jobID.flatMap { Self.isID($0) ? $0 : nil } ?? ""
        let code = code.flatMap { Self.isID($0) ? $0 : nil } ?? ""
        guard !reference.isEmpty || !jobID.isEmpty else {
            note(state, (.nameless, nil), provider)
            return .nameless
        }
        let keys = [
            DeliveryKeys.message(jobID), DeliveryKeys.reference(provider, reference),
            DeliveryKeys.early(provider, jobID), DeliveryKeys.early(provider, reference),
        ]
        let arguments: [any RedisArgument] = [
            jobID, reference, provider, state.rawValue, code, Self.patience.wholeMilliseconds,
            DeliveryKeys.messagePrefix, DeliveryKeys.dayPrefix,
        ]
        let reply = try await broker.run(DeliveryScripts.report, keys: keys, arguments: arguments).array
        let outcome = try Self.outcome(reply[...])
        note(state, outcome, provider)
        return outcome.outcome
    }

    private static func state(_ value: RESPValue?) throws(RedisError) -> MessageState? {
        guard let text = try value?.optional?.text else { return nil }
        return MessageState(rawValue: text)
    }

    private static func outcome(
        _ reply: ArraySlice<RESPValue>
    ) throws(RedisError) -> (outcome: ReportOutcome, sinceAccepted: Duration?) {
        guard let first = reply.first, let outcome = ReportOutcome(rawValue: try first.text) else {
            throw RedisError(.unexpectedReply, "the script answered with an unknown form", mayHaveBeenExecuted: true)
        }
        let wait = reply.count > 1 ? try reply[reply.startIndex + 1].integer : -1
        return (outcome, wait < 0 ? nil : .milliseconds(wait))
    }

    /// Notes a report that came before, from what the scripts tell of it: its state, and what it has brought.
    private func note(early parts: ArraySlice<RESPValue>, _ provider: String) throws(RedisError) {
        guard let state = try Self.state(parts.first) else { return }
        note(state, try Self.outcome(parts.dropFirst()), provider)
    }

    private func note(
        _ state: MessageState, _ report: (outcome: ReportOutcome, sinceAccepted: Duration?), _ provider: String
    ) {
        let labels = [("provider", provider), ("state", state.rawValue), ("outcome", report.outcome.rawValue)]
        Counter(label: "sms.reports", dimensions: labels, factory: metrics).increment()
        guard state == .delivered, let wait = report.sinceAccepted else { return }
        Timer(label: "sms.delivery.duration", dimensions: [labels[0]], factory: metrics).record(duration: wait)
    }

    /// What is fit for a key: ASCII without spaces.
    private static func isID(_ text: String) -> Bool {
        (1...longestID).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    // MARK: - sms-api

    /// What is known of a message, and whether any message was accepted lately.
    struct View: Sendable {
        /// Nil: nothing.
        let state: MessageState?
        /// It failed for what others did to the number.
        let isPrivate: Bool
        /// A gateway took some message within the last day.
        let areOthersAccepted: Bool
    }

    func view(of job: TaskID) async throws(RedisError) -> View {
        let replies = try await broker.send([
            RedisCommand("HMGET", DeliveryKeys.message(job.text), "state", "private"),
            RedisCommand("EXISTS", DeliveryKeys.accepted),
        ])
        let known = try replies[0].array
        return View(
            state: try Self.state(known.first),
            isPrivate: try known[1].optional?.text == "1", areOthersAccepted: try replies[1].integer == 1)
    }

    /// Notes that the code of a message was entered. Nobody waits for it: it is for statistics alone.
    func confirm(_ job: TaskID, after duration: Duration) async {
        guard
            let known = try? await broker.run(
                DeliveryScripts.confirm, keys: [DeliveryKeys.message(job.text)],
                arguments: [duration.wholeMilliseconds, DeliveryKeys.dayPrefix]
            ).array, known.count == 2, let provider = try? known[0].text, let country = try? known[1].text
        else { return }
        Counter(
            label: "sms.confirmed", dimensions: [("provider", provider), ("country", country)], factory: metrics
        ).increment()
        Timer(label: "sms.code.duration", dimensions: [("provider", provider)], factory: metrics)
            .record(duration: duration)
    }
}
