internal import Logging
import Synchronization

/// What a connection does on the event loop's thread.
extension RedisConnection: EventLoopTimed {
    /// About how much is written at once. What waits longer can still be cancelled without a doubt.
    private static let enoughToWrite = 1024 * 1024

    /// Opens a transport. `ended` is called once, when it is gone or was never opened.
    func open(_ address: ServerAddress, ended: @escaping @Sendable (RedisError, _ wasReady: Bool) -> Void) {
        guard !link.withValue({ $0.isShutDown }) else { return ended(Self.shutDownError, false) }
        let transport: any Transport =
            configuration.url.tls.map {
                TLSTransport(loop: loop, settings: $0, connectTimeout: configuration.connectTimeout)
            } ?? HiredisTransport(loop: loop)
        let deadline = ContinuousClock.now + configuration.connectTimeout
        let handshake = Handshake(
            configuration, mustBeMaster: address.master != nil, wantsClientID: unblocker != nil)
        link.withValue { link in
            link.transport = transport
            link.address = address
            link.handshake = handshake
            link.connectDeadline = deadline
            link.wasReady = false
        }
        loop.comeBack(by: deadline, for: self)
        let events = TransportEvents(
            connected: { [self] in link.withValue { $0.transport }?.write(handshake.bytes) },
            replies: { [self] in receive($0) },
            drained: { [self] in flush() },
            closed: { [self] error in
                let (wasReady, refusal) = link.withValue { link in
                    defer { link.forgetTransport() }
                    return (link.wasReady, link.handshake?.toleratedRefusal)
                }
                // Commands in flight end with the connection that carried them, before a new one can take its place.
                shared.withLock { shared in
                    if case .ready = shared.phase { shared.phase = .connecting }
                    shared.clientID = nil
                    shared.direct.end()
                }
                listener?.lost()
                // A server that has said why it does not want us and then hangs up: the first is the reason.
                ended(refusal ?? error, wasReady)
            })
        transport.open(address, events: events)
    }

    // MARK: - Reading

    private func receive(_ replies: [RESPValue]) {
        let now = ContinuousClock.now
        let (isReady, wasAsked) = link.withValue { link in
            let wasAsked = link.pulse?.hear(now) ?? false
            return (link.isReady, wasAsked)
        }
        if wasAsked { loop.comeBack(by: now + configuration.healthCheckInterval, for: self) }
        if isReady { return deliver(replies[...]) }
        var rest = replies[...]
        while let reply = rest.popFirst() {
            switch link.withValue({ $0.handshake?.receive(reply) }) {
            case .unfinished: continue
            case .failed(let error):
                return close(error)
            case .done, nil:
                becomeReady(now)
                if !rest.isEmpty { deliver(rest) }
                return
            }
        }
    }

    private func becomeReady(_ now: Instant) {
        counts.noteConnect()
        let clientID = link.withValue { link in
            defer { link.handshake = nil }
            link.connectDeadline = nil
            link.pulse = Pulse(
                interval: configuration.healthCheckInterval, patience: configuration.commandTimeout, now: now)
            link.wasReady = true
            return link.handshake?.clientID
        }
        loop.comeBack(by: now + configuration.healthCheckInterval, for: self)
        let socket = link.withValue { $0.transport?.directSocket }
        let wasDown = shared.withLock { shared in
            defer { (shared.phase, shared.clientID, shared.direct.socket) = (.ready, clientID, socket) }
            if case .down = shared.phase { return true }
            return false
        }
        let master = link.withValue { $0.address?.master }.map { " (master \($0))" } ?? ""
        logger.log(
            level: wasDown ? .info : .debug, "connected to \(configuration.url)\(wasDown ? " again" : "")\(master)")
        if let listener {
            let transport = link.withValue { $0.transport }
            transport?.write(listener.commands)
        } else {
            flush()
        }
    }

    private func deliver(_ replies: ArraySlice<RESPValue>) {
        if let listener { return deliver(replies, to: listener) }
        var matches: [CommandQueue<Completion>.Match] = []
        matches.reserveCapacity(replies.count)
        let mustFlush = shared.withLock { shared in
            for reply in replies {
                // Only answers have a place in the line.
                if case .push = reply { continue }
                matches.append(shared.queue.receive(reply))
            }
            return shared.wantsFlush()
        }
        if mustFlush { loop.flushLater { [self] in flush() } }
        var end: RedisError?
        for match in matches {
            switch match {
            case .finished(let completion, let reply):
                end = end ?? moved(reply)
                if case .one(let continuation) = completion { continuation.resume(returning: reply) }
            case .finishedTogether(let completion, let replies):
                end = end ?? replies.lazy.compactMap { self.moved($0) }.first
                if case .many(let continuation) = completion { continuation.resume(returning: replies) }
            case .taken: break
            case .unexpected: end = RedisError(.protocolViolation, "the server sent a reply that nobody asked for")
            }
        }
        if let end { close(end) }
    }

    private func deliver(_ replies: ArraySlice<RESPValue>, to listener: any SubscriptionListener) {
        for reply in replies {
            guard let error = listener.receive(reply) else { continue }
            logger.error("the subscription at \(configuration.url) was refused: \(error)")
            return close(error)
        }
    }

    private func close(_ reason: RedisError) {
        let transport = link.withValue { $0.transport }
        transport?.close(reason)
    }

    /// A master that answers like a replica has lost its office: the sentinels know its successor.
    private func moved(_ reply: RESPValue) -> RedisError? {
        guard case .error(let text) = reply, case .sentinel = configuration.url.endpoint else { return nil }
        guard text.hasPrefix("READONLY") || text.hasPrefix("UNBLOCKED") else { return nil }
        return RedisError(.connectionLost, "the server is no master any more")
    }

    // MARK: - Writing

    func flush() {
        while true {
            let transport = link.withValue { $0.isReady ? $0.transport : nil }
            let canWrite = transport?.hasRoom ?? false
            var buffer = link.withValue { link in
                defer { link.buffer = [] }
                return link.buffer
            }
            let deadline = shared.withLock { shared -> Instant? in
                shared.isFlushScheduled = false
                guard canWrite else { return shared.queue.nextWaitingDeadline }
                shared.direct.takeUnwritten(into: &buffer)
                shared.queue.takeForWriting(.now, into: &buffer, enough: Self.enoughToWrite)
                let deadline = shared.queue.nextDeadline
                shared.direct.nextVisit = [shared.direct.nextVisit, deadline].compactMap { $0 }.min()
                return deadline
            }
            if let deadline { loop.comeBack(by: deadline, for: self) }
            guard let transport, !buffer.isEmpty else { return }
            transport.write(buffer)
            // Room is kept for the next time, but not what one large command has needed.
            if buffer.count <= 2 * Self.enoughToWrite {
                buffer.removeAll(keepingCapacity: true)
                link.withValue { $0.buffer = buffer }
            }
        }
    }

    // MARK: - Time

    func handleTime(_ now: Instant) -> Instant? {
        var next: [Instant] = []
        if let connectDeadline = link.withValue({ $0.connectDeadline }) {
            if connectDeadline <= now {
                let hint = configuration.url.tls == nil ? "" : "; is this the server's TLS port?"
                close(RedisError(.timedOut, "no connection within \(configuration.connectTimeout)\(hint)"))
            } else {
                next.append(connectDeadline)
            }
        } else if shared.withLock({ $0.queue.isOverdue(now) }) {
            if let time = judgeOverdueServer(now) { next.append(time) }
        } else if let time = checkPulse(now) {
            next.append(time)
        }
        expireWaiting(now)
        let soonest = next.min()
        return shared.withLock { shared -> Instant? in
            var deadline = shared.queue.nextWaitingDeadline
            // What is in flight on a closed connection ends with it.
            if case .ready = shared.phase, !shared.queue.isOverdue(now) { deadline = shared.queue.nextDeadline }
            let visit = [soonest, deadline].compactMap { $0 }.min()
            shared.direct.nextVisit = visit
            return visit
        }
    }

    /// A server that says nothing any more is given up. One that is only slow keeps its connection; the callers that
    /// have waited for too long are released. Returns when to look again.
    private func judgeOverdueServer(_ now: Instant) -> Instant? {
        guard let lastHeard = link.withValue({ $0.pulse?.lastHeard }) else { return nil }
        let endOfPatience = lastHeard + configuration.commandTimeout
        guard endOfPatience > now else {
            close(silence)
            return nil
        }
        let (expired, next) = shared.withLock { shared in
            (shared.queue.expireInFlight(now), shared.queue.nextInFlightDeadline)
        }
        let error = RedisError(
            .timedOut, "the server is slow: no answer within the command time-out", mayHaveBeenExecuted: true)
        for completion in expired { fail(completion, error) }
        return next.map { min($0, endOfPatience) } ?? endOfPatience
    }

    private var silence: RedisError {
        RedisError(.timedOut, "no answer within \(configuration.commandTimeout)", mayHaveBeenExecuted: true)
    }

    /// While commands are in flight their own deadlines tell whether the server is alive.
    private func checkPulse(_ now: Instant) -> Instant? {
        guard shared.withLock({ $0.queue.isIdle }) else { return now + configuration.healthCheckInterval }
        switch link.withValue({ $0.pulse?.check(now) }) {
        case nil: return nil
        case .wait(let until): return until
        case .ask(let until):
            ping()
            return until
        case .dead:
            close(silence)
            return nil
        }
    }

    private func ping() {
        guard case .encoded(let bytes) = RedisCommand("PING").content else { return }
        guard listener == nil else {
            let transport = link.withValue { $0.transport }
            transport?.write(bytes)
            return
        }
        let submission = CommandQueue<Completion>.Submission(
            bytes: bytes, ticket: 0, patience: configuration.commandTimeout,
            replyPatience: configuration.commandTimeout, completion: nil)
        _ = shared.withLock { $0.queue.submit(submission, now: .now) }
        flush()
    }

    private func expireWaiting(_ now: Instant) {
        let expired = shared.withLock { $0.queue.expireWaiting(now) }
        guard !expired.isEmpty else { return }
        let error =
            switch shared.withLock({ $0.phase }) {
            case .ready: RedisError(.overloaded, "the command waited for its turn longer than the command time-out")
            case .down(let reason): reason
            default:
                RedisError(
                    .notConnected, "no connection to Redis at \(configuration.url) within the command time-out")
            }
        for completion in expired { fail(completion, error) }
    }
}
