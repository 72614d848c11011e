internal import Synchronization

/// What is named in a database, as it was a moment ago: to find it, all keys are looked at, which may be many, and only
/// while somebody asks for it.
final class NameDirectory: Sendable {
    private static let period = Duration.seconds(15)

    private let always: [String]
    private let look: @Sendable () async throws -> [String]
    private let found = Mutex<[String]>([])
    private let asked = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameters:
    ///   - always: What is there in any case.
    ///   - look: Finds the others.
    init(always: [String] = [], _ look: @escaping @Sendable () async throws -> [String]) {
        self.always = always
        self.look = look
    }

    /// The names, sorted; asking makes it look again soon.
    var names: [String] {
        asked.continuation.yield()
        return Set(found.withLock { $0 } + always).sorted()
    }

    /// Looks for them when somebody has asked, until the task is cancelled.
    func run() async {
        for await _ in asked.stream {
            if let names = try? await look() { found.withLock { $0 = names } }
            try? await Task.sleep(for: Self.period)
        }
    }
}
