internal import DequeModule

/// The commands of one connection, from the call to the reply: a state machine without I/O, clock or lock.
///
/// Commands wait, with their bytes, until the connection takes them all to write them; from then on they are in flight
/// and replies are matched to them in order. What was never taken was certainly not executed.
struct CommandQueue<Completion> {
    /// What a command is known by, to cancel it.
    typealias Ticket = UInt64

    /// A command that is over, and how.
    struct Finished {
        var completion: Completion
        var mayHaveBeenExecuted: Bool
    }

    private struct Entry {
        var ticket: Ticket
        /// Nil once the caller has gone; the reply must still be taken off the wire.
        var completion: Completion?
        var deadline: ContinuousClock.Instant
        /// How long it may wait to be written, and then for its reply.
        var patience: Duration
        var length: Int
        var missingReplies: Int
        var replies: [RESPValue] = []
    }

    private var waiting: Deque<Entry> = []
    private var waitingBytes: [UInt8] = []
    private var goneCount = 0
    private var soonestWaitingDeadline: ContinuousClock.Instant?
    private var inFlight: Deque<Entry> = []

    /// Commands that wait to be written.
    var waitingCount: Int { waiting.count - goneCount }
    /// Their bytes.
    var waitingByteCount: Int { waitingBytes.count }
    /// Commands that were written and have no reply yet.
    var inFlightCount: Int { inFlight.count }

    /// Adds a command, or several whose bytes follow each other and that are answered together.
    mutating func submit(
        _ bytes: [UInt8], replies: Int, ticket: Ticket, now: ContinuousClock.Instant, patience: Duration,
        completion: Completion
    ) {
        let deadline = now + patience
        waiting.append(
            Entry(
                ticket: ticket, completion: completion, deadline: deadline, patience: patience, length: bytes.count,
                missingReplies: replies
            ))
        waitingBytes.append(contentsOf: bytes)
        soonestWaitingDeadline = soonestWaitingDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Takes all that waits: the bytes are to be written at once, in this order.
    mutating func takeForWriting(_ now: ContinuousClock.Instant) -> [UInt8] {
        compact()
        // From now on it is the server's silence that counts: one that was away is not to be found silent at once.
        for index in waiting.indices { waiting[index].deadline = now + waiting[index].patience }
        defer { forgetWaiting() }
        inFlight.append(contentsOf: waiting)
        return waitingBytes
    }

    /// Matches a reply to the oldest command in flight.
    enum Match {
        /// The command is answered.
        case finished(Completion, [RESPValue])
        /// Taken, and nobody to tell: more replies belong to it, or its caller has gone.
        case taken
        /// No command is in flight.
        case unexpected
    }

    mutating func receive(_ reply: RESPValue) -> Match {
        guard !inFlight.isEmpty else { return .unexpected }
        inFlight[inFlight.startIndex].replies.append(reply)
        inFlight[inFlight.startIndex].missingReplies -= 1
        guard inFlight[inFlight.startIndex].missingReplies == 0 else { return .taken }
        let entry = inFlight.removeFirst()
        guard let completion = entry.completion else { return .taken }
        return .finished(completion, entry.replies)
    }

    /// Lets go of a command whose caller does not wait any more. Nil: it was over already.
    mutating func cancel(_ ticket: Ticket) -> Finished? {
        if let index = waiting.lastIndex(where: { $0.ticket == ticket }), let completion = waiting[index].completion {
            letGo(index)
            return Finished(completion: completion, mayHaveBeenExecuted: false)
        }
        if let index = inFlight.lastIndex(where: { $0.ticket == ticket }), let completion = inFlight[index].completion {
            inFlight[index].completion = nil
            return Finished(completion: completion, mayHaveBeenExecuted: true)
        }
        return nil
    }

    /// Lets go of the waiting commands whose deadline has passed.
    mutating func expireWaiting(_ now: ContinuousClock.Instant) -> [Completion] {
        guard let soonest = soonestWaitingDeadline, soonest <= now else { return [] }
        var expired: [Completion] = []
        for index in waiting.indices where waiting[index].deadline <= now {
            guard let completion = waiting[index].completion else { continue }
            expired.append(completion)
            waiting[index].completion = nil
            goneCount += 1
        }
        compact()
        soonestWaitingDeadline = waiting.lazy.filter { $0.completion != nil }.map(\.deadline).min()
        return expired
    }

    /// Replies come in order, so the server is overdue when the oldest command in flight is.
    func isOverdue(_ now: ContinuousClock.Instant) -> Bool {
        inFlight.first.map { $0.deadline <= now } ?? false
    }

    /// The next time at which ``expireWaiting(_:)`` has something to say.
    var nextWaitingDeadline: ContinuousClock.Instant? { soonestWaitingDeadline }

    /// The next time at which ``expireWaiting(_:)`` or ``isOverdue(_:)`` has something to say.
    var nextDeadline: ContinuousClock.Instant? {
        [inFlight.first?.deadline, soonestWaitingDeadline].compactMap { $0 }.min()
    }

    /// The connection is gone: nobody knows whether these were executed.
    mutating func failInFlight() -> [Finished] {
        defer { inFlight.removeAll() }
        return inFlight.compactMap { entry in
            entry.completion.map { Finished(completion: $0, mayHaveBeenExecuted: true) }
        }
    }

    /// Gives up the commands that were never written.
    mutating func failWaiting() -> [Finished] {
        defer { forgetWaiting() }
        return waiting.compactMap { entry in
            entry.completion.map { Finished(completion: $0, mayHaveBeenExecuted: false) }
        }
    }

    private mutating func letGo(_ index: Int) {
        waiting[index].completion = nil
        goneCount += 1
        // During a long outage callers come and go: what they leave may not pile up.
        if goneCount > 1000, goneCount > waiting.count / 2 { compact() }
    }

    /// Takes the commands whose callers have gone out of the line, with their bytes.
    private mutating func compact() {
        guard goneCount > 0 else { return }
        var bytes: [UInt8] = []
        var offset = 0
        for entry in waiting {
            if entry.completion != nil { bytes.append(contentsOf: waitingBytes[offset..<offset + entry.length]) }
            offset += entry.length
        }
        waitingBytes = bytes
        waiting.removeAll { $0.completion == nil }
        goneCount = 0
    }

    private mutating func forgetWaiting() {
        waiting.removeAll(keepingCapacity: true)
        waitingBytes = []
        goneCount = 0
        soonestWaitingDeadline = nil
    }
}
