internal import Logging
internal import RedisClient
import Synchronization

/// Ends claims in batches: while one batch is on its way, what is done in the meantime makes the next one.
///
/// A settlement that cannot reach Redis is kept and sent again: the task has had its effect and must not run once more.
final class Settler: Sendable {
    private struct Batch {
        var numbers: [Int] = []
        var wereSent = false
    }

    private struct State {
        var waiting: [Settlement: Batch] = [:]
        var isSending = false
        var mustWake = true
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
    ///
    /// - Parameter wasSent: An attempt may have passed the fence.
    func settle(_ claim: Claim, as settlement: Settlement, wasSent: Bool) {
        let mustWake = state.withLock { state in
            state.waiting[settlement, default: Batch()].numbers.append(claim.number)
            if wasSent { state.waiting[settlement, default: Batch()].wereSent = true }
            defer { state.mustWake = false }
            return state.mustWake
        }
        if mustWake { work.raise() }
    }

    /// Sends settlements until the task is cancelled.
    func run() async {
        while await work.wait() {
            while !Task.isCancelled, await sendWaiting() {}
        }
    }

    /// Returns when every settlement has arrived, or the task was cancelled.
    func waitUntilIdle() async {
        while state.withLock({ !$0.waiting.isEmpty || $0.isSending }) {
            guard await idle.wait() else { return }
        }
    }

    /// Sends what waits; false when there was nothing.
    private func sendWaiting() async -> Bool {
        let waiting = state.withLock { state in
            state.isSending = !state.waiting.isEmpty
            state.mustWake = state.waiting.isEmpty
            defer { state.waiting = [:] }
            return state.waiting
        }
        guard !waiting.isEmpty else {
            idle.raise()
            return false
        }
        for (settlement, batch) in waiting {
            for start in stride(from: 0, to: batch.numbers.count, by: Broker.largestSettlement) {
                let end = min(start + Broker.largestSettlement, batch.numbers.count)
                await send(Array(batch.numbers[start..<end]), as: settlement, wereSent: batch.wereSent)
            }
        }
        state.withLock { $0.isSending = false }
        return true
    }

    private func send(_ numbers: [Int], as settlement: Settlement, wereSent: Bool) async {
        do throws(RedisError) {
            let own = try await broker.settle(numbers, as: settlement, wereSent: wereSent)
            holdings.release(numbers)
            guard own < numbers.count else { return }
            logger.warning(
                "\(numbers.count - own) of \(numbers.count) claims were settled already, or taken over by another worker"
            )
        } catch {
            outage.report("Cannot settle \(numbers.count) finished tasks, trying again: \(error)")
            state.withLock { state in
                var batch = state.waiting[settlement] ?? Batch()
                batch.numbers = numbers + batch.numbers
                batch.wereSent = batch.wereSent || wereSent
                state.waiting[settlement] = batch
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}
