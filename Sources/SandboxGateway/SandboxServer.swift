internal import Hummingbird
public import Logging
internal import NIOCore
internal import Operations
public import ServiceLifecycle

/// A gateway that sends nothing: it checks every request as the vendors do and shows the messages in a web inbox.
///
///     let sandbox = SandboxServer(configuration: configuration, logger: logger)
///     // … run it in a ServiceGroup, then:
///     let address = "http://127.0.0.1:\(try await sandbox.port)"
public struct SandboxServer: Service {
    /// The messages that were accepted.
    public let inbox: Inbox
    /// The faults that calls meet.
    public let faults = FaultSwitches()

    let configuration: SandboxConfiguration
    private let logger: Logger
    private let statistics: CallStatistics
    private let limiter: NumberLimiter
    private let magic: MagicNumbers
    private let reports: DeliveryReports
    private let sent = SentMessages()
    private let webhookMemory = SignedWebhookMemory()
    private let listeningPort = ListeningPort()

    /// Makes a sandbox; it listens once it runs.
    public init(configuration: SandboxConfiguration = SandboxConfiguration(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        inbox = Inbox(capacity: configuration.inboxCapacity)
        statistics = CallStatistics(started: configuration.now())
        limiter = NumberLimiter(interval: configuration.numberInterval)
        magic = MagicNumbers(isOn: configuration.magicNumbers)
        reports = DeliveryReports(configuration, inbox: inbox, logger: logger)
        faults.turnOn(configuration.faults)
    }

    /// The TCP port that the sandbox listens on. Waits until it does, and throws what kept it from listening.
    public var port: Int {
        get async throws { try await listeningPort.number }
    }

    /// Listens until the service group shuts down.
    public func run() async throws {
        let address = ListenAddress(
            host: configuration.host, port: configuration.port, hostSetting: Setting.sandboxHost.description,
            portSetting: Setting.sandboxPort.description)
        try await withThrowingTaskGroup { group in
            group.addTask { await inbox.keepWatchersAwake() }
            group.addTask { await reports.run() }
            group.addTask { try await serveHTTP(router(), on: address, telling: listeningPort, logger: logger) }
            defer { group.cancelAll() }
            // The bell ends when the shutdown begins, the server when its last answer is written. An error of either
            // ends both at once.
            for try await _ in group {}
        }
    }

    /// Forgets all messages, statistics, number limits and what was answered before. Switches stay as they are.
    public func reset() {
        limiter.reset()
        magic.reset()
        webhookMemory.reset()
        sent.reset()
        statistics.reset()
        reports.reset()
        inbox.reset()
    }

    private func router() -> Router<SandboxContext> {
        let router = Router(context: SandboxContext.self)
        let pages = router.group().add(middleware: PageProtection<SandboxContext>())
        InboxRoutes(inbox: inbox, statistics: statistics, account: configuration.account, reset: reset).add(to: pages)
        FaultRoutes(faults: faults).add(to: pages)
        // Everything that stands between a caller and all gateways alike is middleware of this group.
        let gateways = router.group()
        let account = configuration.account
        let now = configuration.now
        YuntongxunGateway(account: account, delivery: delivery(.yuntongxun), now: now).add(to: gateways)
        RootGateways(vendors: [
            AliyunQueryGateway(account: account.aliyun, sent: sent, now: now),
            TencentQueryGateway(account: account.tencent, sent: sent, now: now),
            AliyunGateway(account: account.aliyun, delivery: delivery(.aliyun), now: now),
            TencentGateway(account: account.tencent, delivery: delivery(.tencent), now: now),
            AmazonSNSGateway(account: account.amazonSNS, delivery: delivery(.sns), now: now),
        ]).add(to: gateways)
        TwilioGateway(account: account.twilio, delivery: delivery(.twilio), now: now).add(to: gateways)
        SignedWebhookGateway(
            account: account.signedWebhook, delivery: delivery(.webhook), memory: webhookMemory, now: now
        ).add(to: gateways)
        return router
    }

    private func delivery(_ provider: Provider) -> GatewayDelivery {
        GatewayDelivery(
            provider: provider, inbox: inbox, limiter: limiter, magic: magic, faults: faults, reports: reports,
            statistics: statistics, sent: sent, now: configuration.now)
    }
}
