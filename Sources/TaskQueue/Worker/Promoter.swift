internal import RedisClient

/// Moves scheduled messages to the waiting lists when they are due: its own to the moment, since it is told of them,
/// those of workers that have died within a second.
struct Promoter: Sendable {
    /// How long it rests at most.
    static let longestRest = Duration.seconds(1)

    let broker: Broker
    private let scheduled = Signal()

    init(broker: Broker) {
        self.broker = broker
    }

    /// Something new was scheduled, which may be due earlier than all else.
    func noteScheduled() {
        scheduled.raise()
    }

    /// Promotes until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let next = (try? await broker.promote()) ?? nil
            await scheduled.wait(atMost: min(next ?? Self.longestRest, Self.longestRest))
        }
    }
}
