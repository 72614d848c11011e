internal import DequeModule
internal import FoundationEssentials
internal import ServiceLifecycle
internal import Synchronization

/// The newest messages of all phones, and a bell for those who watch.
public final class Inbox: Sendable {
    /// A message and the number of its last change.
    private struct Entry {
        var message: InboxMessage
        var change: Int
    }

    private struct State {
        /// Their identifiers follow each other without a gap.
        var entries: Deque<Entry> = []
        var nextID = 1
        var lastChange = 0
        /// Changes with every reset, so that a watcher that was away can tell.
        var epoch = Inbox.newEpoch()
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWatcher = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The newest messages, newest first.
    ///
    /// - Parameters:
    ///   - mobile: Only those to this number.
    ///   - gateway: Only those through this gateway, such as `twilio`.
    ///   - limit: How many at most.
    public func messages(to mobile: String? = nil, through gateway: String? = nil, limit: Int = .max) -> [InboxMessage]
    {
        state.withLock { state in
            let newestFirst = state.entries.reversed().lazy.map(\.message).filter {
                (mobile == nil || $0.mobile == mobile) && (gateway == nil || $0.gateway == gateway)
            }
            return Array(newestFirst.prefix(max(0, limit)))
        }
    }

    /// Puts a message in. The newest messages stay, up to the capacity.
    ///
    /// - Returns: The message's identifier.
    func deliver(_ message: Submission, through provider: Provider, at now: Date) -> Int {
        let (id, watchers) = state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            state.lastChange += 1
            state.entries.append(
                Entry(
                    message: InboxMessage(message, id: id, through: provider, at: now), change: state.lastChange))
            if state.entries.count > capacity { state.entries.removeFirst() }
            return (id, Array(state.watchers.values))
        }
        for watcher in watchers { watcher.yield() }
        return id
    }

    /// Adds to a message's history, unless it has left the inbox.
    func note(_ event: InboxMessage.Event, of id: Int) {
        let watchers = state.withLock { state -> [AsyncStream<Void>.Continuation] in
            let index = id - (state.entries.first?.message.id ?? 0)
            guard state.entries.indices.contains(index) else { return [] }
            state.lastChange += 1
            state.entries[index].message.note(event)
            state.entries[index].change = state.lastChange
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield() }
    }

    func reset() {
        state.withLock { state in
            state.entries.removeAll()
            state.epoch = Self.newEpoch()
        }
        wakeWatchers()
    }

    private static func newEpoch() -> String {
        String(UInt32.random(in: .min ... .max), radix: 16)
    }
}

extension Inbox {
    /// Where a watcher stands: the last change it has seen, in which epoch.
    struct Position: Equatable {
        var epoch: String
        var change: Int
    }

    /// What a watcher has not seen yet.
    struct News {
        /// The inbox was emptied, or is another one, since the watcher looked.
        var startsAnew: Bool
        /// New ones and changed ones in the order of their arrival, each with the number of its last change.
        var messages: [(message: InboxMessage, change: Int)]
        var position: Position
    }

    /// What came or changed after `position`, the newest `limit` messages at most.
    func news(after position: Position?, limit: Int) -> News {
        state.withLock { state in
            let startsAnew = position?.epoch != state.epoch
            let seen = startsAnew ? 0 : position?.change ?? 0
            let unseen = state.entries.reversed().lazy.filter { $0.change > seen }.prefix(limit)
            return News(
                startsAnew: startsAnew, messages: unseen.map { ($0.message, $0.change) }.reversed(),
                position: Position(epoch: state.epoch, change: state.lastChange))
        }
    }

    /// Rings at once, and then whenever there may be news. Rings that come together count as one.
    func bell() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [self] _ in
            state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        continuation.yield()
        return stream
    }

    /// Rings every 15 s until the shutdown, so that watchers can tell a quiet inbox from a dead connection.
    func keepWatchersAwake() async {
        await cancelWhenGracefulShutdown { [self] in
            while (try? await Task.sleep(for: .seconds(15))) != nil { wakeWatchers() }
        }
    }

    private func wakeWatchers() {
        let watchers = state.withLock { Array($0.watchers.values) }
        for watcher in watchers { watcher.yield() }
    }
}
