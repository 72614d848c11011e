internal import RedisClient

/// Moves scheduled messages to the waiting lists when they are due, and tells when a task that waits for its limits may
/// start. Whoever schedules something that is due first tells all workers, so that each of them can do it.
struct Promoter: Sendable {
    /// How long it rests at most.
    private static let longestRest = Duration.seconds(1)

    let broker: Broker
    let limits: StartLimits
    let faults: FaultSwitch
    let pulse: LoopPulse
    private let changed = Signal()

    init(broker: Broker, limits: StartLimits, faults: FaultSwitch) {
        self.broker = broker
        self.limits = limits
        self.faults = faults
        pulse = LoopPulse("promotes what is due on the queue \(broker.keys.queue)")
    }

    /// Something new was scheduled or has left a line.
    func lookAgain() {
        changed.raise()
    }

    /// Promotes until the task is cancelled.
    ///
    /// - Parameter looked: Called after each look, with what it has found.
    func run(_ looked: (Upcoming) -> Void) async {
        let lines = limits.tasks.map { LineRequest(task: $0.name, rate: $0.rate, room: 0) }
        while !Task.isCancelled {
            await faults.pass(.promotion)
            let upcoming = await promote(lines)
            looked(upcoming)
            // A start that is allowed now waits for room in a worker, which no passing of time brings.
            let start = upcoming.start == .zero ? nil : upcoming.start
            let times = [upcoming.due, start, Self.longestRest].compactMap { $0 }
            await changed.wait(atMost: times.min() ?? Self.longestRest)
        }
    }
    private func promote(_ lines: [LineRequest]) async -> Upcoming {
        do throws(RedisError) {
            let upcoming = try await broker.promote(lines: lines)
            pulse.beat()
            return upcoming
        } catch {
            pulse.beat(answered: error.isAnswer)
            return Upcoming()
        }
    }
}
