internal import AsyncHTTPClient
public import Logging
internal import RedisClient
internal import SMSProviders
internal import SMSVerification
public import ServiceLifecycle
public import TaskQueue

/// The worker with its gateway: takes jobs off the queue and sends the codes.
public struct DeliveryService: Service {
    /// The worker inside.
    public let worker: TaskWorker
    /// What keeps messages away from providers that do not work just now.
    let breakers = CircuitBreakers()
    private let sharedBreakers: SharedBreakers
    /// For what is asked of the broker beside the worker's own work.
    var brokerClient: RedisClient { sharedBreakers.client }
    private let client: HTTPClient

    /// Puts the parts together; ``run()`` starts them.
    public init(_ configuration: DeliveryConfiguration, logger: Logger) {
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .smsGateway(connections: max(1, configuration.worker.concurrency)))
        let delivery = CodeDelivery(
            configuration.providers.map { [client] in $0.provider(client) }, breakers: breakers,
            policy: configuration.policy, logger: logger)
        var registry = TaskRegistry()
        registry.register(patient(sendCodeTask(policy: configuration.policy))) { try await delivery.send($0, $1) }
        if let keys = configuration.sealingKeys {
            registry.register(patient(sendSealedCodeTask(policy: configuration.policy))) { arguments, context in
                guard let opened = arguments.opened(with: keys) else {
                    throw TaskRejection("sealed", "none of this worker's keys opens it")
                }
                return try await delivery.send(opened, context)
            }
        }
        worker = TaskWorker(configuration.worker, registry: registry, logger: logger)
        var broker = configuration.worker.broker
        broker.clientName = "\(worker.id)/breakers"
        sharedBreakers = SharedBreakers(
            breakers: breakers, client: RedisClient(broker, logger: logger), logger: logger)
    }

    /// Works until the service is shut down.
    public func run() async throws {
        await withDiscardingTaskGroup { background in
            background.addTask { await sharedBreakers.client.run() }
            background.addTask { await sharedBreakers.run() }
            await worker.run()
            background.cancelAll()
        }
        try await client.shutdown()
    }
}

/// A gateway may be away for minutes; the code's expiry ends the tries.
private func patient<Arguments, Result>(
    _ task: TaskDefinition<Arguments, Result>
) -> TaskDefinition<Arguments, Result> {
    var task = task
    task.options.maximumRetries = 20
    task.options.backoff.longest = .seconds(30)
    return task
}
