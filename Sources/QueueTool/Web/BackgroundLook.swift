internal import Synchronization

/// What is found by looking at all of a database, as it was a moment ago: that may take long, so it is done once for all
/// who ask, and only while somebody does.
final class BackgroundLook<Found: Sendable>: Sendable {
    private static var period: Duration { .seconds(15) }

    /// How the looking stands.
    struct Outcome: Sendable {
        /// What was found when it last went well; nil: nothing yet.
        var found: Found?
        /// When that was.
        var at = ContinuousClock.now
        /// Why the latest look came to nothing; nil: it did not.
        var problem: String?
    }

    private let look: @Sendable () async throws -> Found
    private let latest = Mutex(Outcome())
    private let asked = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter look: Finds it.
    init(_ look: @escaping @Sendable () async throws -> Found) {
        self.look = look
    }

    /// What is known; asking makes it look again soon.
    var outcome: Outcome {
        asked.continuation.yield()
        return latest.withLock { $0 }
    }

    /// Looks when somebody has asked, until the task is cancelled.
    func run() async {
        for await _ in asked.stream {
            do {
                let found = try await look()
                latest.withLock { $0 = Outcome(found: found) }
            } catch {
                latest.withLock { $0.problem = "\(error)" }
            }
            try? await Task.sleep(for: Self.period)
        }
    }
}
