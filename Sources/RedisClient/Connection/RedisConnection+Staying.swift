internal import Logging
import Synchronization

/// How a connection comes up, and comes up again.
extension RedisConnection {
    /// Connects, and again whenever the connection is lost, until the task is cancelled. Then nothing can be sent any more.
    ///
    /// A connection is run once. Another call logs an error and returns at once.
    func run() async {
        guard startsToRun() else { return }
        var backoff = ReconnectBackoff()
        var generator = SystemRandomNumberGenerator()
        var nextReport = ContinuousClock.now
        var attempt = 0
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let (error, wasReady) = await connectAndServe(attempt)
            guard !Task.isCancelled else { break }
            counts.noteEnd(wasReady: wasReady)
            attempt += 1
            // A server that lets us in and throws us out at once must not be called upon without a pause.
            if wasReady, start.duration(to: .now) > ReconnectBackoff.longest {
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
        shutDown()
    }

    /// Keeps the connection up while the closure runs.
    func whileRunning<Result: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        async let _: Void = run()
        return try await body()
    }

    /// Connects once, and returns when that has failed or the connection is lost. Then nothing can be sent any more.
    func runOnce() async {
        guard startsToRun() else { return }
        _ = await connectAndServe(0)
        shutDown()
    }

    private func startsToRun() -> Bool {
        let isFirst = shared.withLock { shared in
            defer { shared.wasRun = true }
            return !shared.wasRun
        }
        if !isFirst { logger.error("the Redis connection to \(configuration.url) is run already, or was") }
        return isFirst
    }

    /// Gives up a connection that leads to another server than the present master.
    func follow(master: HostAndPort) {
        loop.execute { [self] in
            let (transport, present) = link.withValue { ($0.transport, $0.address?.master) }
            guard let present, present != master else { return }
            transport?.close(RedisError(.connectionLost, "the master moved from \(present) to \(master)"))
        }
    }

    private func shutDown() {
        let abandoned = shared.withLock { shared in
            shared.phase = .closed
            return shared.queue.failInFlight() + shared.queue.failWaiting()
        }
        fail(abandoned, Self.shutDownError)
    }

    // MARK: - One attempt

    private func connectAndServe(_ attempt: Int) async -> (RedisError, wasReady: Bool) {
        let addresses: [ServerAddress]
        do throws(RedisError) {
            try checkProtocolVersion()
            addresses = try await ServerLocator(configuration: configuration).addresses(attempt: attempt)
        } catch {
            return (error, wasReady: false)
        }
        var first: RedisError?
        for address in addresses where !Task.isCancelled {
            let (error, wasReady) = await serve(address)
            if wasReady { return (error, wasReady: true) }
            first = first ?? error.about(address.master)
        }
        return (first ?? Self.shutDownError, wasReady: false)
    }

    private func checkProtocolVersion() throws(RedisError) {
        guard configuration.protocolVersion == .resp3, !RedisClient.readsRESP3 else { return }
        let version = RedisClient.hiredisVersion
        throw RedisError(.invalidURL, "protocol 3 needs hiredis 1.0 or later, this is \(version): use protocol 2")
    }

    private func serve(_ address: ServerAddress) async -> (RedisError, wasReady: Bool) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { ended in
                loop.execute { [self] in
                    open(address) { error, wasReady in ended.resume(returning: (error, wasReady: wasReady)) }
                }
            }
        } onCancel: {
            loop.execute { [self] in
                let transport = link.withValue { link in
                    link.isShutDown = true
                    return link.transport
                }
                transport?.close(Self.shutDownError)
            }
        }
    }

    private func goDown(_ error: RedisError) {
        let reason = RedisError(
            .notConnected, "no connection to Redis at \(configuration.url): \(error)", serverError: error.serverError)
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
            fail(command.completion, error)
        }
    }
}

extension RedisError {
    /// The same, with the server that the sentinels named.
    fileprivate func about(_ master: HostAndPort?) -> RedisError {
        guard let master else { return self }
        var error = self
        error.message = "the master \(master): \(message)"
        return error
    }
}
