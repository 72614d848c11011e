internal import DequeModule

/// The commands of one connection, from the call to the reply: a state machine without I/O, clock or lock.
///
/// Commands wait, with their bytes, until the connection takes them to write them; from then on they are in flight and
/// replies are matched to them in order. What was never taken was certainly not executed. Only so many are in flight at
/// a time; the others wait, so that cancelling them, or losing the connection, leaves no doubt about them.
struct CommandQueue<Completion: Sendable> {
    /// What a command is known by, to cancel it.
    typealias Ticket = UInt64
    typealias Instant = ContinuousClock.Instant

    /// How much a connection may hold.
    struct Limits {
        var inFlight = 4096
        var waiting = 100_000
        var waitingBytes = 256 * 1024 * 1024
    }

    /// A command, or several that follow each other and are answered together.
    struct Submission {
        var bytes: [UInt8]
        var replies: Int
        var ticket: Ticket
        /// How long it may wait to be written.
        var patience: Duration
        /// How long it may then wait for its reply.
        var replyPatience: Duration
        /// Nil when nobody wants to know.
        var completion: Completion?
        /// Until when it may wait to be written: known once it is in the line.
        fileprivate var deadline: Instant?
        /// The caller does not wait any more: it is not to be written.
        fileprivate var isGone = false

        init(
            bytes: [UInt8], replies: Int = 1, ticket: Ticket, patience: Duration, replyPatience: Duration,
            completion: Completion?
        ) {
            self.bytes = bytes
            self.replies = replies
            self.ticket = ticket
            self.patience = patience
            self.replyPatience = replyPatience
            self.completion = completion
        }
    }

    /// A command that is over, and how.
    struct Finished {
        var completion: Completion
        var mayHaveBeenExecuted: Bool
    }

    private struct InFlight {
        var ticket: Ticket
        /// Nil once the caller has gone; the reply must still be taken off the wire.
        var completion: Completion?
        var deadline: Instant
        var replies: Int
    }

    private var limits: Limits
    private var waiting: Deque<Submission> = []
    private var goneCount = 0
    private var waitingBytes = 0
    private var soonestWaitingDeadline: Instant?
    private var inFlight: Deque<InFlight> = []
    private var inFlightReplies = 0
    /// What the oldest command in flight has been answered so far, when it is several.
    private var replies: [RESPValue] = []

    init(_ limits: Limits = Limits()) {
        self.limits = limits
        self.limits.inFlight = max(1, limits.inFlight)
    }

    /// Commands that wait to be written.
    var waitingCount: Int { waiting.count - goneCount }
    /// Their bytes.
    var waitingByteCount: Int { waitingBytes }
    /// Replies that are still to come for what was written.
    var inFlightCount: Int { inFlightReplies }
    /// There is nothing to do.
    var isIdle: Bool { inFlight.isEmpty && waitingCount == 0 }
    /// One command waits, and none is in flight.
    var holdsOneCommand: Bool { inFlight.isEmpty && waitingCount == 1 }
    /// Something waits, and may be written.
    var hasWorkToWrite: Bool { waitingCount > 0 && inFlightReplies < limits.inFlight }

    // MARK: - The way of a command

    /// Adds a command to the line. False: the line is too long, the command was not taken.
    mutating func submit(_ submission: consuming Submission, now: Instant) -> Bool {
        guard waitingCount < limits.waiting, waitingBytes <= limits.waitingBytes - submission.bytes.count
        else { return false }
        let deadline = now + submission.patience
        waitingBytes += submission.bytes.count
        submission.deadline = deadline
        waiting.append(submission)
        soonestWaitingDeadline = soonestWaitingDeadline.map { min($0, deadline) } ?? deadline
        return true
    }

    /// Moves what may be written now to the end of `buffer`, in order, until that holds `enough` bytes.
    mutating func takeForWriting(_ now: Instant, into buffer: inout [UInt8], enough: Int = .max) {
        while buffer.count < enough, !waiting.isEmpty {
            guard !waiting[0].isGone else {
                waiting.removeFirst()
                goneCount -= 1
                continue
            }
            // A pipeline of more than fits goes alone.
            guard inFlightReplies == 0 || inFlightReplies + waiting[0].replies <= limits.inFlight
            else { return }
            let submission = waiting.removeFirst()
            inFlightReplies += submission.replies
            waitingBytes -= submission.bytes.count
            buffer.append(contentsOf: submission.bytes)
            // From now on it is the server's silence that counts: one that was away is not to be found silent at once.
            inFlight.append(
                InFlight(
                    ticket: submission.ticket, completion: submission.completion,
                    deadline: now + submission.replyPatience,
                    replies: submission.replies))
        }
        if waiting.isEmpty { soonestWaitingDeadline = nil }
    }

    /// What a reply means to the oldest command in flight.
    enum Match {
        /// The command is answered.
        case finished(Completion, RESPValue)
        /// The commands that were sent together are answered.
        case finishedTogether(Completion, [RESPValue])
        /// Taken, and nobody to tell: more replies belong to it, or its caller has gone.
        case taken
        /// No command is in flight.
        case unexpected
    }

    mutating func receive(_ reply: RESPValue) -> Match {
        guard !inFlight.isEmpty else { return .unexpected }
        inFlightReplies -= 1
        let expected = inFlight[0].replies
        guard expected > 1 else {
            guard let completion = inFlight.removeFirst().completion else { return .taken }
            return .finished(completion, reply)
        }
        if replies.isEmpty { replies.reserveCapacity(expected) }
        replies.append(reply)
        guard replies.count == expected else { return .taken }
        defer { replies = [] }
        guard let completion = inFlight.removeFirst().completion else { return .taken }
        return .finishedTogether(completion, replies)
    }

    // MARK: - What goes otherwise

    /// Lets go of a command whose caller does not wait any more. Nil: it was over already.
    mutating func cancel(_ ticket: Ticket) -> Finished? {
        if let completion = cancelWaiting(ticket) {
            return Finished(completion: completion, mayHaveBeenExecuted: false)
        }
        if let index = position(in: inFlight, of: ticket, \.ticket), let completion = inFlight[index].completion {
            inFlight[index].completion = nil
            return Finished(completion: completion, mayHaveBeenExecuted: true)
        }
        return nil
    }

    /// Lets go of a command if it has not been written yet.
    mutating func cancelWaiting(_ ticket: Ticket) -> Completion? {
        guard let index = position(in: waiting, of: ticket, \.ticket) else { return nil }
        defer {
            // During a long outage callers come and go: what they leave may not pile up.
            if goneCount > 1000, goneCount > waiting.count / 2 { forgetGone() }
        }
        return letGo(index)
    }

    /// Makes sure that a command in flight is answered by then, or overdue. False: it is not in flight.
    mutating func hasten(_ ticket: Ticket, by deadline: Instant) -> Bool {
        guard let index = position(in: inFlight, of: ticket, \.ticket) else { return false }
        inFlight[index].deadline = min(inFlight[index].deadline, deadline)
        return true
    }

    /// Lets go of the waiting commands whose deadline has passed.
    mutating func expireWaiting(_ now: Instant) -> [Completion] {
        guard let soonest = soonestWaitingDeadline, soonest <= now else { return [] }
        let late = waiting.indices.filter { index in waiting[index].deadline.map { $0 <= now } ?? false }
        let expired = late.compactMap { letGo($0) }
        forgetGone()
        soonestWaitingDeadline = waiting.lazy.compactMap(\.deadline).min()
        return expired
    }

    /// Replies come in order, so the server is overdue when the oldest command in flight is.
    func isOverdue(_ now: Instant) -> Bool {
        inFlight.first.map { $0.deadline <= now } ?? false
    }

    /// Lets go of the commands in flight whose deadline has passed; their replies are still taken when they come.
    mutating func expireInFlight(_ now: Instant) -> [Completion] {
        inFlight.indices.filter { inFlight[$0].deadline <= now }.compactMap { index in
            defer { inFlight[index].completion = nil }
            return inFlight[index].completion
        }
    }

    /// When the next caller of a command in flight has waited for too long.
    var nextInFlightDeadline: Instant? {
        inFlight.lazy.filter { $0.completion != nil }.map(\.deadline).min()
    }

    /// The next time at which ``expireWaiting(_:)`` has something to say.
    var nextWaitingDeadline: Instant? { soonestWaitingDeadline }

    /// The next time at which ``expireWaiting(_:)`` or ``isOverdue(_:)`` has something to say.
    var nextDeadline: Instant? {
        guard let first = inFlight.first?.deadline else { return soonestWaitingDeadline }
        return soonestWaitingDeadline.map { min(first, $0) } ?? first
    }

    /// The connection is gone: nobody knows whether these were executed.
    mutating func failInFlight() -> [Finished] {
        defer {
            inFlight.removeAll()
            inFlightReplies = 0
            replies = []
        }
        return inFlight.compactMap { entry in
            entry.completion.map { Finished(completion: $0, mayHaveBeenExecuted: true) }
        }
    }

    /// Gives up the commands that were never written.
    mutating func failWaiting() -> [Finished] {
        defer {
            waiting.removeAll()
            goneCount = 0
            waitingBytes = 0
            soonestWaitingDeadline = nil
        }
        return waiting.compactMap { entry in
            entry.completion.map { Finished(completion: $0, mayHaveBeenExecuted: false) }
        }
    }

    private mutating func letGo(_ index: Int) -> Completion? {
        guard !waiting[index].isGone else { return nil }
        let completion = waiting[index].completion
        waitingBytes -= waiting[index].bytes.count
        waiting[index].bytes = []
        waiting[index].completion = nil
        waiting[index].isGone = true
        goneCount += 1
        return completion
    }

    private mutating func forgetGone() {
        waiting.removeAll(where: \.isGone)
        goneCount = 0
    }

    /// Tickets are drawn before the line is joined, so they stand nearly in order: a quick search finds most of them.
    private func position<Entry>(
        in entries: Deque<Entry>, of ticket: Ticket, _ key: KeyPath<Entry, Ticket>
    ) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle][keyPath: key] < ticket { low = middle + 1 } else { high = middle }
        }
        if low < entries.count, entries[low][keyPath: key] == ticket { return low }
        return entries.firstIndex { $0[keyPath: key] == ticket }
    }
}
