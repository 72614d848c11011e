internal import RedisClient

/// The next messages of a waiting list: they tell for how long messages wait there.
enum WaitingHead {
    /// As many of the next messages as are asked how long they have waited: a retry that was put before the others has
    /// waited for less.
    static let size = 10

    /// For how long the oldest of these messages has waited; nil when none says when it was sent.
    static func oldest(of messages: [RESPValue], at now: WireTime) throws(RedisError) -> Duration? {
        var oldest: Duration?
        for message in messages {
            guard let since = (try? TaskMessage(try message.bytes))?.readySince else { continue }
            oldest = max(now.since(since), oldest ?? .zero)
        }
        return oldest
    }
}
