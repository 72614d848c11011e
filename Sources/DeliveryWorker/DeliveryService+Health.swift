internal import Operations
internal import RedisClient
internal import TaskQueue

extension DeliveryService {
    /// What only a new process would mend.
    func addLivenessChecks(to liveness: HealthChecks) {
        liveness.add("consumer") { [worker] in
            if let fault = await worker.standstill() { throw StandsStill(description: fault) }
        }
    }

    /// How the worker is doing, on one line: `12 wait, the oldest for 3 s; 64 in flight`.
    func status() async -> String {
        var text = "cannot tell what waits"
        if let backlog = try? await worker.backlog() {
            text = "\(backlog.waiting) wait"
            if let oldest = backlog.oldest { text += ", the oldest for \(oldest.components.seconds) s" }
        }
        return "\(text); \(worker.runningTasks) in flight"
    }
}

private struct StandsStill: Error, CustomStringConvertible {
    let description: String
}
