internal import CaptchaImage
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import Operations
internal import RedisClient
internal import SMSVerification
public import ServiceLifecycle
internal import TaskQueue

/// The HTTP service with its two Redis clients.
public struct APIService: Service {
    /// The port it listens on, known once it does.
    public let listeningPort = ListeningPort()

    private let configuration: APIConfiguration
    private let store: RedisClient
    private let broker: RedisClient
    private let pictures: PictureStock
    private let limits: LimitTableFile?
    private let limiter: SendLimiter
    private let limitChanges: LimitChangeRecord
    let router: VerificationRouter
    private let logger: Logger

    /// Puts the parts together; ``run()`` starts them. Made after the systems for metrics and tracing were set up.
    ///
    /// - Parameters:
    ///   - configuration: What it needs to know.
    ///   - isTraced: Requests are spans, and their traces travel with the jobs.
    ///   - logger: For what goes wrong.
    /// - Throws: `CaptchaImageError` when the captcha's fonts are missing.
    public init(_ configuration: APIConfiguration, isTraced: Bool = false, logger: Logger) async throws {
        self.configuration = configuration
        self.logger = logger
        store = RedisClient(configuration.store, logger: logger)
        broker = RedisClient(configuration.broker, logger: logger)
        limits = try configuration.openLimits()
        let design = configuration.captchaDesign
        let captcha = try CaptchaRenderer(configuration)
        let alphabet = configuration.policy.captchaAlphabet
        pictures = PictureStock(
            makeText: { alphabet.text(length: Int.random(in: design.lengths)) }, draw: { try captcha.png(of: $0) })
        let producer = TaskProducer(
            client: broker, queue: configuration.queue, origin: "sms-api", middleware: isTraced ? [TaskTracing()] : [])
        limitChanges = LimitChangeRecord(
            AuditLog(client: broker, queue: configuration.queue, key: configuration.auditKey), logger: logger)
        let (limits, defaults) = (limits, LimitRules())
        limiter = SendLimiter(store: store, logger: logger, rules: { limits?.rules ?? defaults })
        let flow = VerificationService(
            store: store, producer: producer, limiter: limiter, policy: configuration.policy, logger: logger)
        var version1 = VerificationRouter.Version1(
            verification: PhoneVerification(
                store: store, producer: producer, broker: broker, limiter: limiter, secrets: configuration.secrets,
                policy: configuration.policy, logger: logger),
            pictures: pictures,
            work: ProofOfWork(
                configuration.workPolicy, key: configuration.workKey ?? .random(),
                previousKey: configuration.previousWorkKey),
            receipts: try await ReceiptSigner(
                configuration.receipts, key: configuration.receiptKey ?? .ephemeral(logger: logger),
                published: configuration.publishedReceiptKeys))
        version1.numbers = configuration.numbers
        version1.workPolicy = configuration.workPolicy
        version1.allowedOrigins = configuration.allowedOrigins
        version1.ownOrigin = configuration.ownOrigin
        version1.isSecure = configuration.isSecure || configuration.tls != nil
        var page = configuration.demoPage
        page.picturesHaveRows = design == .rows
        router = VerificationRouter(
            flow: configuration.hasTutorialRoutes ? flow : nil, version1: version1,
            callbacks: VerificationRouter.Callbacks(configuration.callbacks, DeliveryRecords(broker: broker)),
            drawCaptcha: { try captcha.png(of: $0) }, demoPage: page, hops: configuration.hops,
            isTraced: isTraced)
    }

    /// What must be well for the service to do its work.
    public func addChecks(to readiness: Readiness) {
        readiness.addCheck("store") { [store] in try await store.ping() }
        readiness.addCheck("broker") { [broker] in try await broker.ping() }
    }

    /// What only a new process would mend: threads that requests depend on, and that do not come round.
    func addLivenessChecks(to liveness: HealthChecks) {
        liveness.add("connections") {
            for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() { try await loop.submit {}.get() }
        }
        liveness.add("redis") { await Task(executorPreference: RedisEventLoop.shared) {}.value }
    }

    /// How many requests are being answered.
    var requestsInFlight: Int { router.inFlight.count }

    /// What takes over changed settings without a restart.
    var reloaders: [Reloader] {
        guard let limits else { return [] }
        return [
            Reloader("the table of limits") { [self] in
                let changes = try limits.reloadIfChanged(always: true)
                LimitsWatch.tell(changes, logger)
                limitChanges.add(changes)
            }
        ]
    }

    /// Lets the registry show the state of the service's parts.
    public func addMetrics(to metrics: MetricsRegistry) {
        metrics.addAPIMetrics(store: store, broker: broker, limiter: limiter)
    }

    /// Serves until the service is shut down.
    public func run() async throws {
        async let _: Void = store.run()
        async let _: Void = broker.run()
        async let _: Void = pictures.run()
        async let _: Void = followLimits()
        async let _: Void = limitChanges.run()
        let address = ListenAddress(
            host: configuration.host, port: configuration.port, hostSetting: Setting.apiHost.description,
            portSetting: Setting.apiPort.description)
        // Nearly every request waits for Redis: on that loop's thread its steps need no change of threads.
        try await withTaskExecutorPreference(RedisEventLoop.shared) {
            try await serveHTTP(
                router.build(), on: address, telling: listeningPort,
                server: .verificationAPI(
                    tls: configuration.tls, limits: configuration.limits, hops: configuration.hops),
                name: "sms-api", mostConnections: configuration.mostConnections, logger: logger
            ) { [configuration, logger] port in
                logger.info(
                    "listening on \(configuration.tls == nil ? "http" : "https")://\(configuration.host):\(port)")
            }
        }
    }

    /// Takes over what an operator changes in the file of limits.
    private func followLimits() async {
        guard let limits else { return }
        var watch = LimitsWatch(file: limits, logger: logger)
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(2))
            limitChanges.add(watch.look())
        }
    }
}

extension CaptchaRenderer {
    /// Draws pictures as the settings want them.
    init(_ configuration: APIConfiguration) throws {
        try self.init(design: configuration.captchaDesign.design(fonts: configuration.captchaFonts))
    }
}
