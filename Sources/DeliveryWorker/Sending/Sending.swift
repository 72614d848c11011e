internal import Logging
internal import RedisClient
internal import SMSProviders
internal import SMSVerification
internal import TaskQueue

/// The sending policy with what it needs: order, limits, memory and open calls.
struct Sending: Sendable {
    let policy: SendingPolicy
    let order: ProviderOrder
    let limits: ProviderLimits?
    let memory: BadNumbers?
    /// Nil: nobody is asked what became of messages.
    let calls: OpenCalls?
    /// How long a job keeps its place in the worker while its providers have as many calls as they may. Then it goes back
    /// to the queue, and others have the place, for which there may be room.
    let longestWaitInPlace: Duration

    /// - Parameter client: Of the broker.
    init(_ configuration: DeliveryConfiguration, client: RedisClient, logger: Logger) {
        policy = configuration.sending
        // A job that was let go beforehand cannot go back: it waits until it expires.
        longestWaitInPlace = configuration.worker.acknowledgement == .early ? .seconds(86_400) : .seconds(1)
        let shares = configuration.providers.map { [policy] in policy.shares[$0.name] }
        order = ProviderOrder(weights: shares.map { $0?.weight })
        limits = ProviderLimits(
            policy, worker: "\(configuration.worker.name):\(TaskID.random().text.prefix(8))", client: client)
        memory =
            policy.badNumberMemory > .zero
            ? BadNumbers(
                client: client, sealingKeys: configuration.sealingKeys, life: policy.badNumberMemory, logger: logger)
            : nil
        // A job that was let go beforehand is not tried again: there is nothing to ask about.
        calls =
            policy.onUnknown == .query && configuration.worker.acknowledgement == .late
            ? OpenCalls(client: client) : nil
    }
}
