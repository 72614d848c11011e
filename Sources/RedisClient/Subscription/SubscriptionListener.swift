/// Gets what a connection hears that does nothing but listen. Called on the event loop's thread.
protocol SubscriptionListener: Sendable {
    /// The commands that subscribe, encoded: the first that a new connection writes.
    var commands: [UInt8] { get }
    /// Anything that came. An error is the end of the connection.
    func receive(_ value: RESPValue) -> RedisError?
    /// The connection is gone.
    func lost()
}
