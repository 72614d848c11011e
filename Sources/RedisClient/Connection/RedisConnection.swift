internal import Logging
import Synchronization

/// One connection, shared by any number of tasks: what they send in the same turn leaves in one write, and replies are
/// matched in order.
///
/// Whoever hands it out keeps it connected: see ``RedisClient/RedisClient/withDedicatedConnection(name:whileDisconnected:_:)``.
/// A connection that executes a blocking command (`BLMOVE`) is blocked for everybody, so give those their own.
public final class RedisConnection: Sendable {
    typealias Ticket = UInt64
    typealias Instant = ContinuousClock.Instant

    /// Who waits for a reply. The command queue hands each of them out once, so each is resumed once.
    enum Completion {
        case one(UnsafeContinuation<RESPValue, any Error>)
        case many(UnsafeContinuation<[RESPValue], any Error>)
    }

    enum Phase {
        case connecting
        case ready
        case down(RedisError)
        case closed
    }

    struct Shared {
        var queue: CommandQueue<Completion>
        var phase = Phase.connecting
        var isFlushScheduled = false
        var direct = DirectWriting()
        var wasRun = false
        /// The connection's number on the server.
        var clientID: Int?
    }

    static let shutDownError = RedisError(.closed, "the Redis connection is shut down")

    let configuration: RedisConfiguration
    let logger: Logger
    let loop = RedisEventLoop.shared
    let shared: Locked<Shared>
    let link: LoopBound<ConnectionLink>
    /// Gets what is published, on a connection that does nothing but listen.
    let listener: (any SubscriptionListener)?
    /// The connection that can end this one's blocked command.
    let unblocker: RedisConnection?
    let counts: ConnectionCounts
    private let lastTicket = Atomic<Ticket>(0)

    /// Makes a connection that is not connected: call `run()`.
    init(
        _ configuration: RedisConfiguration, logger: Logger, listener: (any SubscriptionListener)? = nil,
        unblocker: RedisConnection? = nil, counts: ConnectionCounts = ConnectionCounts()
    ) {
        self.configuration = configuration
        self.logger = logger
        self.listener = listener
        self.unblocker = unblocker
        self.counts = counts
        let limits = CommandQueue<Completion>.Limits(
            inFlight: configuration.mostInFlightCommands, waiting: configuration.mostWaitingCommands,
            waitingBytes: configuration.mostWaitingBytes)
        shared = Locked(Shared(queue: CommandQueue(limits)))
        link = LoopBound(ConnectionLink(), identity: loop.identity)
    }

    // MARK: - Sending

    /// Sends a command and waits for its reply.
    ///
    /// Cancelling the task releases it at once; other commands are not disturbed.
    ///
    /// - Parameters:
    ///   - command: The command. Not one that blocks: see ``sendBlocking(_:upTo:)``.
    ///   - extraTime: Added to the command time-out, for a command that is known to take long.
    /// - Throws: ``RedisError``; its `mayHaveBeenExecuted` says whether the server may have done it.
    public func send(_ command: RedisCommand, extraTime: Duration = .zero) async throws(RedisError) -> RESPValue {
        let reply: RESPValue
        switch command.content {
        case .encoded(let bytes): reply = try await exchange(bytes, extraTime: extraTime)
        case .script(let call):
            let digest = try await digest(of: call.script)
            let first = try await exchange(call.encoded(digest: digest), extraTime: extraTime)
            reply = first.isNoScript ? try await exchange(call.encodedWhole(), extraTime: extraTime) : first
            if case .error(let text) = reply { throw RedisError(serverError: text, inScript: call.script.name) }
        }
        if case .error(let text) = reply { throw RedisError(serverError: text) }
        return reply
    }

    /// Sends commands together, in this order, and waits for all replies. Failed ones are ``RESPValue/error(_:)`` in the
    /// result. It is no transaction: other clients' commands may come in between.
    ///
    /// Any number of commands is fine: they leave in portions of about a thousand. A script that the server turns out not
    /// to know (it was restarted, or `SCRIPT FLUSH` was called) is run after the other commands of its portion.
    ///
    /// - Throws: ``RedisError`` when the connection fails; portions that were sent before may have been executed, which
    ///   `mayHaveBeenExecuted` then says.
    public func send(_ commands: [RedisCommand]) async throws(RedisError) -> [RESPValue] {
        var replies: [RESPValue] = []
        replies.reserveCapacity(commands.count)
        for portion in Pipeline.portions(of: commands) {
            do throws(RedisError) {
                replies += try await send(portion: portion)
            } catch {
                var error = error
                if !replies.isEmpty { error.mayHaveBeenExecuted = true }
                throw error
            }
        }
        return replies
    }

    private func send(portion: ArraySlice<RedisCommand>) async throws(RedisError) -> [RESPValue] {
        var pipeline = Pipeline()
        var scripts: [(index: Int, call: ScriptCall)] = []
        for (index, command) in portion.enumerated() {
            switch command.content {
            case .encoded(let bytes): pipeline.append(bytes)
            case .script(let call):
                pipeline.append(call.encoded(digest: try await digest(of: call.script)))
                scripts.append((index, call))
            }
        }
        var replies = try await exchange(pipeline)
        let unknown = scripts.filter { replies[$0.index].isNoScript }
        guard !unknown.isEmpty else { return replies }
        var again = Pipeline()
        for script in unknown { again.append(script.call.encodedWhole()) }
        do throws(RedisError) {
            for (script, reply) in zip(unknown, try await exchange(again)) { replies[script.index] = reply }
        } catch {
            var error = error
            error.mayHaveBeenExecuted = true
            throw error
        }
        return replies
    }

    /// Sends a command that blocks on the server, such as `BLMOVE`, and waits for its reply.
    ///
    /// When the task is cancelled, the server is told to end the command (`CLIENT UNBLOCK`) and its answer is still
    /// waited for, at most for the command time-out: an element that was moved just then is returned, not lost.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - limit: How long it blocks at most, as its own argument says.
    /// - Returns: The reply; null when the time was over.
    /// - Throws: ``RedisError``; ``RedisError/Code/cancelled`` when the task was cancelled and nothing had come.
    ///
    /// Source: <https://redis.io/docs/latest/commands/client-unblock/>
    public func sendBlocking(_ command: RedisCommand, upTo limit: Duration) async throws(RedisError) -> RESPValue {
        guard case .encoded(let bytes) = command.content else {
            preconditionFailure("a script never blocks: send it like any other command")
        }
        let ticket = nextTicket()
        let reply = try await Self.redisErrors {
            try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { continuation in
                    submit(bytes, ticket: ticket, extraTime: limit, completion: .one(continuation))
                    if Task.isCancelled { interrupt(ticket) }
                }
            } onCancel: {
                interrupt(ticket)
            }
        }
        if case .error(let text) = reply { throw RedisError(serverError: text) }
        if reply == .null, Task.isCancelled {
            throw RedisError(.cancelled, "the task was cancelled while a command blocked, and nothing had come")
        }
        return reply
    }

    // MARK: - One exchange

    @inline(__always)
    private func exchange(_ bytes: [UInt8], extraTime: Duration = .zero) async throws(RedisError) -> RESPValue {
        let ticket = nextTicket()
        return try await Self.redisErrors {
            try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { continuation in
                    submit(bytes, ticket: ticket, extraTime: extraTime, completion: .one(continuation))
                    // A cancellation that came before the command was in the queue found nothing there.
                    if Task.isCancelled { cancel(ticket) }
                }
            } onCancel: {
                cancel(ticket)
            }
        }
    }

    private func exchange(_ pipeline: Pipeline) async throws(RedisError) -> [RESPValue] {
        guard pipeline.count > 1 else { return [try await exchange(pipeline.bytes)] }
        let ticket = nextTicket()
        return try await Self.redisErrors {
            try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { continuation in
                    submit(
                        pipeline.bytes, replies: pipeline.count, ticket: ticket,
                        completion: .many(continuation))
                    if Task.isCancelled { cancel(ticket) }
                }
            } onCancel: {
                cancel(ticket)
            }
        }
    }

    /// Completions are given nothing but ``RedisError``, which the standard library's continuations cannot say.
    @inline(__always)
    private static func redisErrors<Result>(_ body: () async throws -> Result) async throws(RedisError) -> Result {
        do {
            return try await body()
        } catch let error as RedisError {
            // A refusal comes at once: callers that try again without a pause must leave others a thread.
            await Task.yield()
            throw error
        } catch {
            preconditionFailure("a command ended with another error than RedisError: \(error)")
        }
    }

    /// A server computes it: so there is no need for an SHA-1 of our own.
    private func digest(of script: RedisScript) async throws(RedisError) -> String {
        if let known = script.digest { return known }
        let digest = try await send(RedisCommand("SCRIPT", "LOAD", script.source)).text
        script.digest = digest
        return digest
    }

    var isReady: Bool {
        if case .ready = shared.withLock({ $0.phase }) { return true }
        return false
    }

    private func nextTicket() -> Ticket {
        lastTicket.add(1, ordering: .relaxed).newValue
    }

    private func submit(
        _ bytes: [UInt8], replies: Int = 1, ticket: Ticket, extraTime: Duration = .zero, completion: Completion
    ) {
        let submission = CommandQueue<Completion>.Submission(
            bytes: bytes, replies: replies, ticket: ticket, patience: configuration.commandTimeout,
            replyPatience: configuration.commandTimeout + extraTime, completion: completion)
        let now = ContinuousClock.now
        // On the loop's own thread many commands leave in one write.
        let mayWrite = !loop.identity.isCurrent
        let (refusal, mustFlush) = shared.withLock { shared -> (RedisError?, Bool) in
            if let refusal = reasonToRefuse(shared) { return (refusal, false) }
            guard shared.queue.submit(submission, now: now) else {
                return (overloaded(shared, size: bytes.count), false)
            }
            return (nil, mayWrite && shared.writeAtOnce(now) ? false : shared.wantsFlush())
        }
        if let refusal { return fail(completion, refusal) }
        if mustFlush { loop.flushLater { [self] in flush() } }
    }

    private func reasonToRefuse(_ shared: borrowing Shared) -> RedisError? {
        switch shared.phase {
        case .closed: Self.shutDownError
        case .down(let error) where configuration.whileDisconnected == .fail: error
        default: nil
        }
    }

    private func overloaded(_ shared: borrowing Shared, size: Int) -> RedisError {
        RedisError(
            .overloaded,
            "too much waits for \(configuration.url): \(shared.queue.waitingCount) commands of \(shared.queue.waitingByteCount) bytes, and one of \(size)"
        )
    }

    private func cancel(_ ticket: Ticket) {
        guard let finished = shared.withLock({ $0.queue.cancel(ticket) }) else { return }
        let error = RedisError(
            .cancelled, "the task was cancelled while it waited for Redis",
            mayHaveBeenExecuted: finished.mayHaveBeenExecuted)
        fail(finished.completion, error)
    }

    /// Ends a command that blocks: at once when it was not written yet, else by way of the server.
    private func interrupt(_ ticket: Ticket) {
        if let completion = shared.withLock({ $0.queue.cancelWaiting(ticket) }) {
            let error = RedisError(.cancelled, "the task was cancelled before the command was sent")
            return fail(completion, error)
        }
        // The answer must be waited for although the task is cancelled, so this cannot be a child of it.
        Task { await unblock(ticket) }
    }

    private func unblock(_ ticket: Ticket) async {
        let deadline = ContinuousClock.now + configuration.commandTimeout
        // Again and again: the request overtakes a command that is still on its way to the server.
        loop.execute { [self] in loop.comeBack(by: deadline, for: self) }
        while let id = shared.withLock({ $0.queue.hasten(ticket, by: deadline) ? .some($0.clientID) : nil }) {
            // Never in a line that waits for a connection: after a restart the number is somebody else's.
            if let id, let unblocker, unblocker.isReady {
                _ = try? await unblocker.send(RedisCommand("CLIENT", "UNBLOCK", id))
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    func fail(_ completion: Completion, _ error: RedisError) {
        switch completion {
        case .one(let continuation): continuation.resume(throwing: error)
        case .many(let continuation): continuation.resume(throwing: error)
        }
    }
}

extension RedisConnection.Shared {
    /// True when somebody must see to it that what waits is written, and nobody does yet.
    mutating func wantsFlush() -> Bool {
        guard !isFlushScheduled, queue.hasWorkToWrite || direct.hasUnwritten else { return false }
        isFlushScheduled = true
        return true
    }

    /// Writes the only command there is. False when the loop must write it, or the rest of it.
    mutating func writeAtOnce(_ now: RedisConnection.Instant) -> Bool {
        guard !isFlushScheduled, queue.holdsOneCommand, let deadline = queue.nextWaitingDeadline,
            direct.canWrite(queue.waitingByteCount, by: deadline)
        else { return false }
        var bytes: [UInt8] = []
        queue.takeForWriting(now, into: &bytes)
        direct.write(bytes)
        return !direct.hasUnwritten
    }
}

extension RESPValue {
    /// The server does not know the digest of a script.
    fileprivate var isNoScript: Bool {
        if case .error(let text) = self { return text.hasPrefix("NOSCRIPT") }
        return false
    }
}
