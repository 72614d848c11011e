public import Logging
import Synchronization

/// One connection, shared by any number of tasks: what they send in the same turn leaves in one write, and replies are
/// matched in order.
///
/// ``run()`` connects, and connects again with back-off whenever the connection is lost, until its task is cancelled.
/// A connection that executes a blocking command (`BLMOVE`) is blocked for everybody, so give those their own.
public final class RedisConnection: Sendable {
    private enum Completion {
        case one(CheckedContinuation<Result<RESPValue, RedisError>, Never>)
        case many(CheckedContinuation<Result<[RESPValue], RedisError>, Never>)
    }

    private enum Phase {
        case connecting
        case ready
        case down(RedisError)
        case closed
    }

    private struct Shared {
        var queue = CommandQueue<Completion>()
        var phase = Phase.connecting
        var isFlushScheduled = false
    }

    /// What the event loop's thread alone knows of the connection.
    private struct Link {
        var socket: HiredisSocket?
        var handshakeReplies = 0
        var connectDeadline: ContinuousClock.Instant?
        var wasReady = false
        var isShutDown = false
    }

    private static let shutDownError = RedisError(.closed, "the Redis connection is shut down")

    private let configuration: RedisConfiguration
    private let logger: Logger
    private let loop = RedisEventLoop.shared
    private let shared = Locked(Shared())
    private let link: LoopBound<Link>
    private let lastTicket = Atomic<UInt64>(0)

    /// Makes a connection that is not connected: call ``run()``.
    public init(_ configuration: RedisConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        link = LoopBound(Link(), identity: loop.identity)
        loop.execute { [weak self, loop] in
            if let self { loop.watch(self) }
        }
    }

    // MARK: - Sending

    /// Sends a command and waits for its reply.
    ///
    /// Cancelling the task releases it at once; other commands are not disturbed.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - extraTime: Added to the command time-out: how long the command itself may block.
    /// - Throws: ``RedisError``; its `mayHaveBeenExecuted` says whether the server may have done it.
    public func send(_ command: RedisCommand, extraTime: Duration = .zero) async throws(RedisError) -> RESPValue {
        let reply = await perform(command.encoded, replies: 1, extraTime: extraTime) { .one($0) }
        let value = try reply.get()
        if case .error(let text) = value { throw RedisError(serverError: text) }
        return value
    }

    /// Sends commands together, in this order, and waits for all replies. Failed ones are ``RESPValue/error(_:)`` in the
    /// result. It is no transaction: other clients' commands may come in between.
    public func send(_ commands: [RedisCommand]) async throws(RedisError) -> [RESPValue] {
        guard !commands.isEmpty else { return [] }
        let bytes = commands.flatMap(\.encoded)
        return try await perform(bytes, replies: commands.count, extraTime: .zero) { .many($0) }.get()
    }

    private func perform<Reply: Sendable>(
        _ bytes: [UInt8], replies: Int, extraTime: Duration,
        _ completion: (CheckedContinuation<Result<Reply, RedisError>, Never>) -> Completion
    ) async -> Result<Reply, RedisError> {
        let ticket = lastTicket.add(1, ordering: .relaxed).newValue
        let patience = configuration.commandTimeout + extraTime
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refusal = shared.withLock { shared -> RedisError? in
                    if let refusal = reasonToRefuse(shared) { return refusal }
                    shared.queue.submit(
                        bytes, replies: replies, ticket: ticket, now: .now, patience: patience,
                        completion: completion(continuation))
                    scheduleFlush(&shared)
                    return nil
                }
                if let refusal { return continuation.resume(returning: .failure(refusal)) }
                // A cancellation that came before the command was in the queue found nothing there.
                if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func reasonToRefuse(_ shared: borrowing Shared) -> RedisError? {
        switch shared.phase {
        case .closed: return Self.shutDownError
        case .down(let error) where configuration.whileDisconnected == .fail: return error
        default: break
        }
        guard shared.queue.waitingCount < configuration.mostWaitingCommands else {
            return RedisError(
                .overloaded, "\(shared.queue.waitingCount) commands wait for \(configuration.url) already")
        }
        return nil
    }

    private func cancel(_ ticket: UInt64) {
        guard let finished = shared.withLock({ $0.queue.cancel(ticket) }) else { return }
        let error = RedisError(
            .cancelled, "the task was cancelled while it waited for Redis",
            mayHaveBeenExecuted: finished.mayHaveBeenExecuted)
        finish(finished.completion, .failure(error))
    }

    private func scheduleFlush(_ shared: inout Shared) {
        guard !shared.isFlushScheduled else { return }
        shared.isFlushScheduled = true
        loop.flushLater { [self] in flush() }
    }

    private func finish(_ completion: Completion, _ result: Result<[RESPValue], RedisError>) {
        switch completion {
        case .many(let continuation): continuation.resume(returning: result)
        case .one(let continuation): continuation.resume(returning: result.map { $0.first ?? .null })
        }
    }

    // MARK: - Staying connected

    /// Connects, and again whenever the connection is lost, until the task is cancelled. Then nothing can be sent any more.
    public func run() async {
        var backoff = ReconnectBackoff()
        var generator = SystemRandomNumberGenerator()
        var nextReport = ContinuousClock.now
        while !Task.isCancelled {
            let (error, wasReady) = await connectAndServe()
            guard !Task.isCancelled else { break }
            if wasReady {
                backoff.reset()
                nextReport = .now
            }
            goDown(error)
            // Attempts come every second or two: an outage is one line every ten seconds.
            let isReported = ContinuousClock.now >= nextReport
            if isReported { nextReport = ContinuousClock.now + .seconds(10) }
            logger.log(
                level: isReported ? .warning : .debug,
                "\(wasReady ? "lost" : "no") connection to \(configuration.url): \(error); trying again")
            try? await Task.sleep(for: backoff.next(using: &generator))
        }
        let abandoned = shared.withLock { shared in
            shared.phase = .closed
            return shared.queue.failInFlight() + shared.queue.failWaiting()
        }
        fail(abandoned, Self.shutDownError)
    }

    private func connectAndServe() async -> (RedisError, wasReady: Bool) {
        let address: ResolvedAddress
        do {
            address = try await AddressResolver.resolve(configuration.url.endpoint)
        } catch {
            return (error, wasReady: false)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { ended in
                loop.execute { [self] in open(address, ended) }
            }
        } onCancel: {
            loop.execute { [self] in shutDown() }
        }
    }

    private func goDown(_ error: RedisError) {
        let reason = RedisError(.notConnected, "no connection to Redis at \(configuration.url): \(error)")
        let (inFlight, waiting) = shared.withLock { shared in
            shared.phase = .down(reason)
            let waiting = configuration.whileDisconnected == .fail ? shared.queue.failWaiting() : []
            return (shared.queue.failInFlight(), waiting)
        }
        let code = error.code == .timedOut ? error.code : .connectionLost
        fail(inFlight, RedisError(code, "the connection to Redis broke while a command ran: \(error)"))
        fail(waiting, reason)
    }

    private func fail(_ commands: [CommandQueue<Completion>.Finished], _ error: RedisError) {
        for command in commands {
            var error = error
            error.mayHaveBeenExecuted = command.mayHaveBeenExecuted
            finish(command.completion, .failure(error))
        }
    }

    // MARK: - On the event loop's thread

    private func open(
        _ address: ResolvedAddress, _ ended: CheckedContinuation<(RedisError, wasReady: Bool), Never>
    ) {
        let socket = HiredisSocket(loop: loop)
        let deadline = ContinuousClock.now + configuration.connectTimeout
        let isShutDown = link.withValue { link in
            if !link.isShutDown { link = Link(socket: socket, connectDeadline: deadline) }
            return link.isShutDown
        }
        guard !isShutDown else { return ended.resume(returning: (Self.shutDownError, wasReady: false)) }
        loop.comeBack(by: deadline)
        let events = HiredisSocket.Events(
            connected: { [self] in greet() },
            reply: { [self] in receive($0) },
            closed: { [self] error in
                let wasReady = link.withValue { link in
                    link.socket = nil
                    link.connectDeadline = nil
                    return link.wasReady
                }
                // Commands in flight end with the connection that carried them, before a new one can take its place.
                shared.withLock { if case .ready = $0.phase { $0.phase = .connecting } }
                ended.resume(returning: (error, wasReady: wasReady))
            })
        socket.open(address, events: events)
    }

    /// Authenticates and chooses the database before any caller's command is written.
    private func greet() {
        let url = configuration.url
        var commands: [RedisCommand] = []
        if let password = url.password {
            commands.append(url.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        commands.append(RedisCommand("SELECT", url.database))
        commands.append(RedisCommand("CLIENT", "SETNAME", (configuration.clientName ?? "swift").withoutBlanks))
        let socket = link.withValue { link in
            link.handshakeReplies = commands.count
            return link.socket
        }
        socket?.write(commands.flatMap(\.encoded))
    }

    private func receive(_ reply: RESPValue) {
        let isHandshake = link.withValue { $0.handshakeReplies > 0 }
        guard isHandshake else { return receiveAnswer(reply) }
        // The name, which comes last, is for people: a server that refuses it serves all the same.
        if case .error(let text) = reply, link.withValue({ $0.handshakeReplies > 1 }) {
            link.withValue { $0.socket }?.close(RedisError(serverError: text))
            return
        }
        let isReady = link.withValue { link in
            link.handshakeReplies -= 1
            guard link.handshakeReplies == 0 else { return false }
            link.connectDeadline = nil
            link.wasReady = true
            return true
        }
        guard isReady else { return }
        shared.withLock { $0.phase = .ready }
        logger.debug("connected to \(configuration.url)")
        flush()
    }

    private func receiveAnswer(_ reply: RESPValue) {
        switch shared.withLock({ $0.queue.receive(reply) }) {
        case .finished(let completion, let replies): finish(completion, .success(replies))
        case .taken: break
        case .unexpected:
            let error = RedisError(.protocolViolation, "the server sent a reply that nobody asked for")
            link.withValue { $0.socket }?.close(error)
        }
    }

    private func flush() {
        let (bytes, deadline) = shared.withLock { shared -> ([UInt8], ContinuousClock.Instant?) in
            shared.isFlushScheduled = false
            guard case .ready = shared.phase else { return ([], shared.queue.nextWaitingDeadline) }
            let bytes = shared.queue.takeForWriting(.now)
            return (bytes, shared.queue.nextDeadline)
        }
        if let deadline { loop.comeBack(by: deadline) }
        guard !bytes.isEmpty else { return }
        link.withValue { $0.socket }?.write(bytes)
    }

    private func shutDown() {
        let socket = link.withValue { link in
            link.isShutDown = true
            return link.socket
        }
        socket?.close(Self.shutDownError)
    }

    func handleTime(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if let deadline = link.withValue({ $0.connectDeadline }), deadline <= now {
            let error = RedisError(.timedOut, "no connection within \(configuration.connectTimeout)")
            link.withValue { $0.socket }?.close(error)
        } else if shared.withLock({ $0.queue.isOverdue(now) }) {
            let error = RedisError(
                .timedOut, "no answer within \(configuration.commandTimeout)", mayHaveBeenExecuted: true)
            link.withValue { $0.socket }?.close(error)
        }
        expireWaiting(now)
        let connectDeadline = link.withValue { $0.connectDeadline }
        let commandDeadline = shared.withLock { shared -> ContinuousClock.Instant? in
            // What is in flight on a closed connection ends with it.
            guard case .ready = shared.phase else { return shared.queue.nextWaitingDeadline }
            return shared.queue.nextDeadline
        }
        return [connectDeadline, commandDeadline].compactMap { $0 }.min()
    }

    private func expireWaiting(_ now: ContinuousClock.Instant) {
        let expired = shared.withLock { $0.queue.expireWaiting(now) }
        let error = RedisError(
            .notConnected, "no connection to Redis at \(configuration.url) within the command time-out")
        for completion in expired { finish(completion, .failure(error)) }
    }
}

extension RedisConnection: EventLoopTimed {}

extension String {
    /// What Redis takes for a client's name: printable ASCII without blanks.
    fileprivate var withoutBlanks: String {
        String(String.UnicodeScalarView(unicodeScalars.map { ("!"..."~").contains($0) ? $0 : "-" }))
    }
}
