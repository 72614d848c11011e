internal import RedisClient
internal import Synchronization
internal import TaskQueue

/// The queues of the database, as they were a moment ago: to find them, all keys are looked at, which may be many, and
/// only while somebody asks for them.
final class QueueDirectory: Sendable {
    private static let period = Duration.seconds(15)

    private let client: RedisClient
    private let own: String
    private let found = Mutex<[String]>([])
    private let asked = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter own: The queue that is there in any case.
    init(client: RedisClient, own: String) {
        self.client = client
        self.own = own
    }

    /// Their names, sorted; asking makes it look again soon.
    var names: [String] {
        asked.continuation.yield()
        return Set(found.withLock { $0 } + [own]).sorted()
    }

    /// Looks for them when somebody has asked, until the task is cancelled.
    func run() async {
        for await _ in asked.stream {
            if let names = try? await QueueInspector.queues(client) { found.withLock { $0 = names } }
            try? await Task.sleep(for: Self.period)
        }
    }
}
