internal import Logging
import Synchronization

/// A connection that is subscribed to channels, and the events that it hears.
final class RedisSubscription: Sendable {
    /// A slow reader loses the oldest messages beyond this number, as it would when it was away.
    private static let mostBufferedEvents = 10_000

    let events: AsyncStream<SubscriptionEvent>
    private let listener: SubscriptionReader
    let connection: RedisConnection

    init(
        _ configuration: RedisConfiguration, channels: [String], patterns: [String], logger: Logger,
        counts: ConnectionCounts = ConnectionCounts()
    ) {
        let (events, continuation) = AsyncStream.makeStream(
            of: SubscriptionEvent.self, bufferingPolicy: .bufferingNewest(Self.mostBufferedEvents))
        self.events = events
        listener = SubscriptionReader(channels: channels, patterns: patterns, continuation)
        connection = RedisConnection(configuration, logger: logger, listener: listener, counts: counts)
    }

    /// Stays subscribed until the task is cancelled; then ``events`` ends.
    func run() async {
        await connection.run()
        listener.end()
    }

    /// Subscribes once; when that fails or the connection is lost, ``events`` ends.
    func runOnce() async {
        await connection.runOnce()
        listener.end()
    }
}

/// Understands what comes on a subscribed connection.
private final class SubscriptionReader: SubscriptionListener {
    let commands: [UInt8]
    private let continuation: AsyncStream<SubscriptionEvent>.Continuation
    private let wanted: Int
    private let confirmed = Locked(0)

    init(channels: [String], patterns: [String], _ continuation: AsyncStream<SubscriptionEvent>.Continuation) {
        var pipeline = Pipeline()
        for (name, values) in [("SUBSCRIBE", channels), ("PSUBSCRIBE", patterns)] where !values.isEmpty {
            pipeline.append(RedisCommand(name, arguments: values))
        }
        commands = pipeline.bytes
        wanted = channels.count + patterns.count
        self.continuation = continuation
    }

    func receive(_ value: RESPValue) -> RedisError? {
        if case .error(let text) = value { return RedisError(serverError: text) }
        understand(value)
        return nil
    }

    private func understand(_ value: RESPValue) {
        guard let parts = try? value.array, let kind = try? parts.first?.text else { return }
        switch kind {
        case "subscribe", "psubscribe":
            let isComplete = confirmed.withLock { confirmed in
                confirmed += 1
                return confirmed == wanted
            }
            if isComplete { continuation.yield(.subscribed) }
        case "message" where parts.count == 3:
            yield(channel: parts[1], pattern: nil, payload: parts[2])
        case "pmessage" where parts.count == 4:
            yield(channel: parts[2], pattern: parts[1], payload: parts[3])
        default: break  // the answer to PING
        }
    }

    func lost() {
        confirmed.withLock { $0 = 0 }
    }

    func end() {
        continuation.finish()
    }

    private func yield(channel: RESPValue, pattern: RESPValue?, payload: RESPValue) {
        guard let channel = try? channel.text, let payload = try? payload.bytes else { return }
        continuation.yield(
            .message(PublishedMessage(channel: channel, pattern: try? pattern?.text, payload: payload)))
    }
}
