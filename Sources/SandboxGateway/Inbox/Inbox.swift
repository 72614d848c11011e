internal import DequeModule
internal import FoundationEssentials
internal import ServiceLifecycle
internal import Synchronization

/// The newest messages of all phones, and a bell for those who watch.
public final class Inbox: Sendable {
    private struct State {
        var messages: Deque<InboxMessage> = []
        var nextID = 1
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
    ///   - limit: How many at most.
    public func messages(to mobile: String? = nil, limit: Int = .max) -> [InboxMessage] {
        state.withLock { state in
            let newestFirst = state.messages.reversed().lazy.filter { mobile == nil || $0.mobile == mobile }
            return Array(newestFirst.prefix(max(0, limit)))
        }
    }

    /// Puts a message in. The newest messages stay, up to the capacity.
    func deliver(gateway: String, mobile: String, text: String, code: String?, messageID: String, received: Date) {
        let watchers = state.withLock { state in
            state.messages.append(
                InboxMessage(
                    id: state.nextID, gateway: gateway, mobile: mobile, text: text, code: code, messageID: messageID,
                    received: received))
            state.nextID += 1
            if state.messages.count > capacity { state.messages.removeFirst() }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield() }
    }

    func reset() {
        state.withLock { state in
            state.messages.removeAll()
            state.epoch = Self.newEpoch()
        }
        wakeWatchers()
    }

    private static func newEpoch() -> String {
        String(UInt32.random(in: .min ... .max), radix: 16)
    }
}

extension Inbox {
    /// Where a watcher stands: the last message it has seen, in which epoch.
    struct Position: Equatable {
        var epoch: String
        var id: Int
    }

    /// What a watcher has not seen yet.
    struct News {
        /// The inbox was emptied, or is another one, since the watcher looked.
        var startsAnew: Bool
        /// Oldest first.
        var messages: [InboxMessage]
        var position: Position
    }

    /// What came after `position`, the newest `limit` messages at most.
    func news(after position: Position?, limit: Int) -> News {
        state.withLock { state in
            let startsAnew = position?.epoch != state.epoch
            let seen = startsAnew ? 0 : position?.id ?? 0
            let unseen = state.messages.reversed().prefix { $0.id > seen }.prefix(limit)
            return News(
                startsAnew: startsAnew, messages: unseen.reversed(),
                position: Position(epoch: state.epoch, id: state.nextID - 1))
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
