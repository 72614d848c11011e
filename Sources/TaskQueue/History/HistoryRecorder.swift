internal import RedisClient

/// Writes down how a queue stands, again and again, so that its last hour can be seen whenever somebody looks.
struct HistoryRecorder: Sendable {
    let broker: Broker
    let holdings: Holdings
    let times: MeasuredTimes
    /// How much time one sample stands for.
    let slot: Duration

    /// Records until the task is cancelled, a moment after the beginning of each slot of the server's clock. What is lost
    /// while Redis is away are samples, not times.
    func run() async {
        let slot = max(1, slot.wholeMilliseconds)
        while !Task.isCancelled {
            let rest = slot - broker.clock.now.milliseconds % slot
            try? await Task.sleep(for: .milliseconds(rest + slot / 20))
            guard !Task.isCancelled else { return }
            await record()
        }
    }

    private func record() async {
        let queue = broker.keys.queue
        let taken = times.take(queue)
        do throws(RedisError) {
            try await broker.record(held: holdings.count, wait: taken.wait, run: taken.run, slot: slot)
        } catch {
            times.putBack(taken, queue)
        }
    }
}
