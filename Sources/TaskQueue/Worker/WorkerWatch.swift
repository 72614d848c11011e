internal import Logging
internal import RedisClient
import Synchronization

/// Judges whether a worker does its work: its loops come round, Redis answers them if it answers anybody, and the slots
/// advance or have something to do.
final class WorkerWatch: Sendable {
    private struct State {
        var load: Slots.Load?
        var changed = ContinuousClock.now
    }

    private let configuration: WorkerConfiguration
    private let queues: [WorkerQueue]
    private let slots: Slots
    private let state = Mutex(State())

    init(_ configuration: WorkerConfiguration, queues: [WorkerQueue], slots: Slots) {
        self.configuration = configuration
        self.queues = queues
        self.slots = slots
    }

    private var longestTurn: Duration { configuration.longestTurn }

    /// The loops begin now.
    func begin() {
        for pulse in queues.flatMap(\.pulses) { pulse.beat() }
        state.withLock { $0 = State() }
    }

    /// Why the worker does not do its work, in words for an operator; nil while it does.
    func standstill() async -> String? {
        if let fault = slotFault() { return fault }
        for queue in queues {
            for pulse in queue.pulses where pulse.sinceTurn > longestTurn && !mayWait(queue, pulse) {
                return "the loop that \(pulse.purpose) has stood still for \(pulse.sinceTurn.inSeconds)"
            }
        }
        let unanswered = queues.flatMap { queue in
            queue.pulses.filter { $0.sinceAnswer > longestTurn && !mayWait(queue, $0) }
        }
        // While Redis is away, a new process would be no better off.
        guard let first = unanswered.first, await answersSomebodyElse() else { return nil }
        return "Redis answers others, but not the loop that \(first.purpose), for \(first.sinceAnswer.inSeconds)"
    }

    /// A queue is not fetched from while all slots are taken, nor while others have their turn.
    private func mayWait(_ queue: WorkerQueue, _ pulse: LoopPulse) -> Bool {
        guard pulse === queue.fetchPulse else { return false }
        return slots.free <= 0
            || queue.mayHaveMessages && queues.contains { $0 !== queue && $0.fetchPulse.sinceTurn <= longestTurn }
    }

    private func slotFault() -> String? {
        let load = slots.load
        let unchanged = state.withLock { state -> Duration in
            if state.load != load {
                state.load = load
                state.changed = .now
            }
            return state.changed.duration(to: .now)
        }
        if load.waiting > 0, load.busy < load.total, unchanged > longestTurn {
            return
                "\(load.waiting) claimed messages have waited for a slot for \(unchanged.inSeconds), and slots are free"
        }
        if load.busy >= load.total, let longest = configuration.longestTask, unchanged > longest {
            return "all \(load.total) slots are taken, and no task has ended for \(unchanged.inSeconds)"
        }
        return nil
    }

    /// Whether Redis answers a connection that has nothing to do with the worker's own.
    private func answersSomebodyElse() async -> Bool {
        var broker = configuration.broker
        broker.clientName = "\(configuration.name)/watch"
        let client = RedisClient(broker, logger: Logger(label: "watch") { _ in SwiftLogNoOpLogHandler() })
        let connection = Task { await client.run() }
        defer { connection.cancel() }
        return (try? await client.ping()) != nil
    }
}

extension Duration {
    fileprivate var inSeconds: String { "\(components.seconds) s" }
}

extension RedisError {
    /// A server has answered, if not as was hoped.
    var isAnswer: Bool { serverError != nil || code == .refused || code == .unexpectedReply }
}
