internal import RedisClient
import Synchronization

/// Waits for messages without polling: one connection a band, each blocked in `BLMOVE` while the worker is idle.
///
/// A message that comes is moved by Redis itself to the worker's own list, so it is never in no place, whatever happens
/// to the reply. Source: <https://redis.io/docs/latest/commands/blmove/>
final class Arrivals: Sendable {
    private struct State {
        var isWanted = false
        var isStopped = false
        var blocking = 0
        var blockedClients: Set<Int> = []
    }

    private let broker: Broker
    private let outage: OutageLog
    private let lease: LeaseClock
    private let lists: [(list: String, wanted: Signal)]
    private let arrived = Signal()
    private let state = Mutex(State())

    init(broker: Broker, lease: LeaseClock, outage: OutageLog) {
        self.broker = broker
        self.lease = lease
        self.outage = outage
        lists = broker.keys.waiting.map { ($0, Signal()) }
    }

    /// Returns when a message may have come, ``wakeUp()`` was called or the task was cancelled.
    func wait() async {
        state.withLock { $0.isWanted = true }
        for (_, wanted) in lists { wanted.raise() }
        _ = await arrived.wait()
    }

    /// Ends ``wait()``.
    func wakeUp() {
        arrived.raise()
    }

    /// Watches the lists until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for (list, wanted) in lists {
                group.addTask { [self] in
                    await broker.client.withDedicatedConnection(name: "arrivals") { connection in
                        while await wanted.wait() { await watch(list, on: connection) }
                    }
                }
            }
        }
    }

    /// Ends all blocked commands on the server and makes sure that no further one is sent. True: nothing more can arrive.
    func stop() async -> Bool {
        state.withLock { $0.isStopped = true }
        while !Task.isCancelled {
            let (blocking, clients) = state.withLock { ($0.blocking, $0.blockedClients) }
            if blocking == 0 { return true }
            let unblocks = clients.map { RedisCommand("CLIENT", "UNBLOCK", $0) }
            guard (try? await broker.client.send(unblocks)) != nil else { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    private func watch(_ list: String, on connection: RedisConnection) async {
        // Also when nothing came: a message whose reply was lost with the connection has come all the same, and the
        // claim, a script, may run where BLMOVE is refused, as at maxmemory.
        defer { announce() }
        if begin() {
            do throws(RedisError) {
                let client = try await connection.send(RedisCommand("CLIENT", "ID")).integer
                state.withLock { _ = $0.blockedClients.insert(client) }
                defer { state.withLock { _ = $0.blockedClients.remove(client) } }
                let limit = Broker.longestArrivalWait
                _ = try await connection.send(
                    RedisCommand(
                        "BLMOVE", list, broker.keys.arriving(at: broker.worker), "RIGHT", "LEFT",
                        Int(limit.components.seconds)),
                    extraTime: limit)
                end()
            } catch {
                end()
                outage.report("Cannot wait for messages: \(error)")
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func announce() {
        state.withLock { $0.isWanted = false }
        arrived.raise()
    }

    private func begin() -> Bool {
        state.withLock { state in
            guard state.isWanted, !state.isStopped, !Task.isCancelled else { return false }
            // Nothing may arrive at a worker that was given up meanwhile: nobody would look there.
            guard lease.holds(for: Broker.longestArrivalWait) else { return false }
            state.blocking += 1
            return true
        }
    }

    private func end() {
        state.withLock { $0.blocking -= 1 }
    }
}
