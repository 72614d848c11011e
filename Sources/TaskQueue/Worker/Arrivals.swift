internal import RedisClient
import Synchronization

/// Waits for messages without polling: one connection a band, each blocked in `BLMOVE` while the worker is idle.
///
/// A message that comes is moved by Redis itself to the worker's own list, so it is never in no place, whatever happens
/// to the reply. Source: <https://redis.io/docs/latest/commands/blmove/>
final class Arrivals: Sendable {
    private struct State {
        var isWanted = false
        /// Until when the server may still carry out a wait whose end it did not tell.
        var doubtEnds: ContinuousClock.Instant?
    }

    private let broker: Broker
    private let outage: OutageLog
    private let lease: LeaseClock
    private let lists: [(list: String, wanted: Signal)]
    private let state = Mutex(State())

    init(broker: Broker, lease: LeaseClock, outage: OutageLog) {
        self.broker = broker
        self.lease = lease
        self.outage = outage
        lists = broker.keys.waiting.map { ($0, Signal()) }
    }

    /// From now on it is told when a message comes, once.
    func want() {
        state.withLock { $0.isWanted = true }
        for (_, wanted) in lists { wanted.raise() }
    }

    /// Watches the lists until the task is cancelled; then what blocks on the server has been ended there.
    ///
    /// - Parameter arrived: Called when a message may have come.
    func run(_ arrived: @escaping @Sendable () async -> Void) async {
        await withDiscardingTaskGroup { group in
            for (list, wanted) in lists {
                group.addTask { [self] in
                    await broker.client.withDedicatedConnection(
                        // What waits for the server's return would block there when the lease may be over.
                        name: "arrivals", whileDisconnected: .fail
                    ) { connection in
                        while await wanted.wait() { await watch(list, on: connection, arrived) }
                    }
                }
            }
        }
    }

    /// A message may still come after ``run()`` has returned: the server did not say that it has ended a wait.
    var isInDoubt: Bool { state.withLock { $0.doubtEnds.map { $0 > .now } ?? false } }

    private func watch(
        _ list: String, on connection: RedisConnection, _ arrived: @escaping @Sendable () async -> Void
    ) async {
        if mayBegin() { await move(list, on: connection) }
        state.withLock { $0.isWanted = false }
        // Also when nothing came: a message whose reply was lost with the connection has come all the same, and the
        // claim, a script, may run where BLMOVE is refused, as at maxmemory.
        await arrived()
    }

    private func move(_ list: String, on connection: RedisConnection) async {
        do throws(RedisError) {
            _ = try await connection.blockingMove(
                from: (list, .right), to: (broker.keys.arriving(at: broker.worker), .left),
                upTo: Broker.longestArrivalWait)
        } catch {
            if error.mayHaveBeenExecuted { state.withLock { $0.doubtEnds = .now + Broker.longestArrivalWait } }
            guard error.code != .cancelled else { return }
            outage.report("Cannot wait for messages: \(error)")
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    private func mayBegin() -> Bool {
        guard state.withLock({ $0.isWanted }), !Task.isCancelled else { return false }
        // Nothing may arrive at a worker that was given up meanwhile: nobody would look there.
        return lease.holds(for: Broker.longestArrivalWait)
    }
}
