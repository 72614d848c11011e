/// What a subscriber hears.
public enum SubscriptionEvent: Sendable, Hashable {
    /// The subscription is in force, for the first time or again after the connection was lost. What was published before
    /// was not heard: whoever follows a state reads it now.
    case subscribed
    /// Somebody has published.
    case message(PublishedMessage)
}

/// What was published on a channel. Source: <https://redis.io/docs/latest/develop/interact/pubsub/>
public struct PublishedMessage: Sendable, Hashable {
    /// The channel.
    public var channel: String
    /// The pattern that matched the channel; nil for a subscription to the channel itself.
    public var pattern: String?
    /// The message.
    public var payload: [UInt8]

    /// The message as text; bytes that are not UTF-8 become replacement characters.
    public var text: String { String(decoding: payload, as: UTF8.self) }
}
