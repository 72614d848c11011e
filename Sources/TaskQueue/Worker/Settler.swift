internal import Logging
internal import RedisClient
import Synchronization

/// Ends claims in batches: while one batch is on its way, what is done in the meantime makes the next one.
///
/// A settlement that cannot reach Redis is kept and sent again: the task has had its effect and must not run once more.
final class Settler: Sendable {
    private struct State {
        var waiting: [(number: String, as: Settlement)] = []
        var isSending = false
    }

    private let broker: Broker
    private let holdings: Holdings
    private let logger: Logger
    private let outage: OutageLog
    private let work = Signal()
    private let idle = Signal()
    private let state = Mutex(State())

    init(broker: Broker, holdings: Holdings, logger: Logger, outage: OutageLog) {
        self.outage = outage
        self.broker = broker
        self.holdings = holdings
        self.logger = logger
    }

    /// Ends a claim soon.
    func settle(_ claim: Claim, as settlement: Settlement) {
        state.withLock { $0.waiting.append((claim.number, settlement)) }
        work.raise()
    }

    /// Sends settlements until the task is cancelled.
    func run() async {
        while await work.wait() {
            while !Task.isCancelled, await sendBatch() {}
        }
    }

    /// Returns when every settlement has arrived, or the task was cancelled.
    func waitUntilIdle() async {
        while state.withLock({ !$0.waiting.isEmpty || $0.isSending }) {
            guard await idle.wait() else { return }
        }
    }

    /// Sends what waits; false when there was nothing.
    private func sendBatch() async -> Bool {
        let batch = state.withLock { state in
            defer { state.waiting = [] }
            state.isSending = !state.waiting.isEmpty
            return state.waiting
        }
        guard !batch.isEmpty else {
            idle.raise()
            return false
        }
        do throws(RedisError) {
            let settled = try await broker.settle(batch)
            for (claim, wasOwn) in zip(batch, settled) {
                holdings.release(claim.number)
                guard !wasOwn else { continue }
                logger.warning("Claim \(claim.number) was settled already, or taken over by another worker")
            }
            state.withLock { $0.isSending = false }
        } catch {
            outage.report("Cannot settle \(batch.count) finished tasks, trying again: \(error)")
            state.withLock { state in
                state.isSending = false
                state.waiting.insert(contentsOf: batch, at: 0)
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        return true
    }
}
