/// How many calls a provider may get: at once, and in a time.
public protocol CallLimits: Sendable {
    /// Asks for a call to a provider, for a message or a question about it.
    ///
    /// - Returns: Nil: the call may be made, and ``leave(_:)`` follows. Otherwise how long it takes until it is worth
    ///   asking again.
    func enter(_ provider: String, for message: OutgoingMessage) async -> Duration?

    /// The call is over, or was not made after all.
    func leave(_ provider: String)
}
