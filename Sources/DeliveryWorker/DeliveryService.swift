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
    /// How far gateways' clocks are from this machine's.
    let clocks: GatewayClocks
    private let sharedBreakers: SharedBreakers
    private let sending: Sending
    private let jobEnds: JobEnds?
    /// For what is asked of the broker beside the worker's own work.
    var brokerClient: RedisClient { sharedBreakers.client }
    private let client: HTTPClient

    /// Puts the parts together; ``run()`` starts them.
    ///
    /// - Parameters:
    ///   - configuration: What it needs to know.
    ///   - isTraced: Each job is a span of the trace that it carries, and so is each sending by a gateway.
    ///   - logger: For what goes wrong.
    public init(_ configuration: DeliveryConfiguration, isTraced: Bool = false, logger: Logger) {
        var configuration = configuration
        // Between two waits a job only signs, reads a few hundred bytes and logs, which waits a moment at most for the log's
        // reader.
        configuration.worker.executor = RedisEventLoop.shared
        if isTraced { configuration.worker.middleware.append(TaskTracing()) }
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .smsGateway(connections: max(1, configuration.worker.concurrency)))
        var broker = configuration.worker.broker
        broker.clientName = "\(configuration.worker.name)/providers"
        let redis = RedisClient(broker, logger: logger)
        let providers = configuration.providers.map { [client] in $0.provider(client) }
        sending = Sending(configuration, client: redis, logger: logger)
        let observed = isTraced ? providers.map { TracedProvider(provider: $0) } : providers
        clocks = GatewayClocks(logger: logger)
        let records = configuration.hasRecords ? DeliveryRecords(broker: redis) : nil
        jobEnds = records.map { JobEnds(records: $0, providers: providers.map(\.name), logger: logger) }
        if let jobEnds { configuration.worker.middleware.append(jobEnds) }
        let delivery = CodeDelivery(
            observed, breakers: breakers, tables: configuration.tables, sending: sending,
            recorder: AnswerRecorder(records: records, clocks: clocks, logger: logger), policy: configuration.policy,
            logger: logger)
        let onUnknown = configuration.sending.onUnknown
        var registry = TaskRegistry()
        registry.register(patient(sendCodeTask(policy: configuration.policy), onUnknown)) { arguments, context in
            try await RequestID.$current.withValue(context.id) { try await delivery.send(arguments, context) }
        }
        let keys = configuration.sealingKeys
        let sealedTask = patient(sendSealedCodeTask(policy: configuration.policy), onUnknown)
        registry.register(sealedTask) { arguments, context in
            guard let keys else {
                throw TaskRejection(
                    "sealed", "this worker has no key that opens it: start it with --seal (SMS_SEAL_KEY_FILE)")
            }
            guard let opened = arguments.opened(with: keys) else {
                throw TaskRejection("sealed", "none of this worker's keys opens it")
            }
            return try await RequestID.$current.withValue(context.id) {
                try await delivery.send(opened, context)
            }
        }
        worker = TaskWorker(configuration.worker, registry: registry, logger: logger)
        sharedBreakers = SharedBreakers(breakers: breakers, client: redis, logger: logger)
    }

    /// Works until the service is shut down.
    public func run() async throws {
        await withDiscardingTaskGroup { background in
            background.addTask { await sharedBreakers.client.run() }
            background.addTask { await sharedBreakers.run() }
            background.addTask { await sending.limits?.keep() }
            background.addTask { await jobEnds?.run() }
            await worker.run()
            await sending.limits?.release()
            await jobEnds?.drain()
            background.cancelAll()
        }
        try await client.shutdown()
    }
}

/// A gateway may be away for minutes; the code's expiry ends the tries.
private func patient<Arguments, Result>(
    _ task: TaskDefinition<Arguments, Result>, _ onUnknown: SendingPolicy.UnknownOutcome
) -> TaskDefinition<Arguments, Result> {
    var task = task
    task.options.unknownOutcome = onUnknown == .hold ? .hold : .resend
    task.options.maximumRetries = 20
    task.options.backoff.longest = .seconds(30)
    return task
}
