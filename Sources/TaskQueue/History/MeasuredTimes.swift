import Synchronization

/// How long a worker's tasks have waited and run since somebody last asked, by queue.
final class MeasuredTimes: TaskMiddleware {
    struct Times: Sendable {
        /// From when a message could have been run to the start of an attempt, of those whose sender tells.
        var wait = TimeDistribution()
        /// Attempts that have succeeded.
        var run = TimeDistribution()
    }

    private let times = Mutex<[String: Times]>([:])

    var wrapsAttempts: Bool { false }

    func observe(_ event: TaskEvent) {
        switch event.kind {
        case .started:
            guard let waited = event.waited else { return }
            times.withLock { $0[event.queue, default: Times()].wait.add(waited) }
        case .succeeded(_, let duration):
            times.withLock { $0[event.queue, default: Times()].run.add(duration) }
        default: break
        }
    }

    /// Gives what was measured, and begins anew.
    func take(_ queue: String) -> Times {
        times.withLock { $0.removeValue(forKey: queue) ?? Times() }
    }

    /// Puts back what could not be written down.
    func putBack(_ taken: Times, _ queue: String) {
        times.withLock { times in
            times[queue, default: Times()].wait += taken.wait
            times[queue, default: Times()].run += taken.run
        }
    }
}
