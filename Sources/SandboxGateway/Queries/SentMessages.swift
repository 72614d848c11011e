internal import DequeModule
internal import FoundationEssentials
internal import Synchronization

/// What the gateways have sent and under which identifier of the caller's own, for callers that ask afterwards.
final class SentMessages: Sendable {
    /// One message that was sent.
    struct Entry: Sendable {
        var gateway: Provider
        var mobile: String
        /// The caller's own identifier of the message.
        var reference: String
        var messageID: String
        var sent: Date
    }

    private static let most = 10_000
    private let entries = Mutex<Deque<Entry>>([])

    func add(_ entry: Entry) {
        entries.withLock { entries in
            entries.append(entry)
            if entries.count > Self.most { entries.removeFirst() }
        }
    }

    /// The messages to a number, the newest first.
    func messages(_ gateway: Provider, to mobile: String) -> [Entry] {
        entries.withLock { $0.reversed().filter { $0.gateway == gateway && $0.mobile == mobile } }
    }

    /// Whether one was sent under that identifier.
    func has(_ gateway: Provider, reference: String) -> Bool {
        entries.withLock { $0.contains { $0.gateway == gateway && $0.reference == reference } }
    }

    func reset() {
        entries.withLock { $0.removeAll() }
    }
}
