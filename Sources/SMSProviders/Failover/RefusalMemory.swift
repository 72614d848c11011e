/// Remembers which numbers a provider has refused for good, so that it need not be asked about them again.
public protocol RefusalMemory: Sendable {
    /// What the provider is known to say to the message; nil: it has to be asked.
    func refusal(of message: OutgoingMessage, by provider: String) async -> SendResult?

    /// Takes note of an answer.
    func learn(_ result: SendResult, to message: OutgoingMessage, of provider: String) async
}
