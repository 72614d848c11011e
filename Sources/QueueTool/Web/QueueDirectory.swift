internal import RedisClient
internal import Synchronization
internal import TaskQueue

/// The queues of the database, as they were a moment ago: to find them, all keys are looked at, which may be many.
final class QueueDirectory: Sendable {
    private static let period = Duration.seconds(15)

    private let client: RedisClient
    private let own: String
    private let found = Mutex<[String]>([])

    /// - Parameter own: The queue that is there in any case.
    init(client: RedisClient, own: String) {
        self.client = client
        self.own = own
    }

    /// Their names, sorted.
    var names: [String] { Set(found.withLock { $0 } + [own]).sorted() }

    /// Looks for them until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            if let names = try? await QueueInspector.queues(client) { found.withLock { $0 = names } }
            try? await Task.sleep(for: Self.period)
        }
    }
}
