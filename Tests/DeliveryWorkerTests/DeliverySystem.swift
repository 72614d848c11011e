import Logging
import RedisClient
import SMSProviders
import SMSVerification
import SandboxGateway
import TaskQueue
import TestSupport

@testable import DeliveryWorker

/// The whole worker inside this process, against a real broker and the sandbox over HTTP.
struct DeliverySystem {
    let broker: RedisServer
    let client: RedisClient
    let sandbox: SandboxServer
    let service: DeliveryService

    static func run(
        tables: DeliveryTables = DeliveryTables(),
        hasRecords: Bool = true, sending: SendingPolicy = SendingPolicy(), magicNumbers: Bool = false,
        sandbox configuration: SandboxConfiguration = SandboxConfiguration(),
        _ providers: (_ sandboxAddress: String) throws -> [ProviderAccount],
        _ body: (DeliverySystem) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let broker = try await RedisServer.start()
        let redis = RedisConfiguration(url: try RedisURL(broker.url(database: 3)))
        var sandboxConfiguration = configuration
        sandboxConfiguration.port = 0
        if magicNumbers { sandboxConfiguration.magicNumbers = true }
        let sandbox = SandboxServer(configuration: sandboxConfiguration, logger: logger)
        async let _: Void = sandbox.run()
        let address = "http://127.0.0.1:\(try await sandbox.port)"
        var configuration = DeliveryConfiguration(
            worker: WorkerConfiguration(broker: redis, name: "test@here"), providers: try providers(address))
        configuration.hasRecords = hasRecords
        configuration.sending = sending
        configuration.tables = tables
        let service = DeliveryService(configuration, logger: logger)
        async let _: Void = service.run()
        let client = RedisClient(redis, logger: logger)
        try await client.whileRunning {
            try await body(DeliverySystem(broker: broker, client: client, sandbox: sandbox, service: service))
        }
    }

    @discardableResult
    func enqueue(
        _ mobile: String, _ code: String, purpose: String? = nil, language: String? = nil
    ) async throws -> TaskID {
        let task = sendCodeTask(
            purpose: purpose.flatMap { Purpose($0) }, language: language.flatMap { LanguageTag($0) })
        return try await TaskProducer(client: client).enqueue(task, SendCodeArguments(mobile: mobile, code: code))
    }

    func statistic(_ name: String) async throws -> Int {
        try await client.send(RedisCommand("HGET", "{celery}:stats", name)).optional?.integer ?? 0
    }

    /// The gateways of the messages that were sent.
    var gateways: [String] { sandbox.inbox.messages(to: nil, limit: 10_000).map(\.gateway) }

    func deathReasons() async throws -> [String] {
        try await QueueInspector(client: client, queue: "celery").deadLetters.list(limit: 10).map(\.reason)
    }
}

extension SandboxAccount {
    func yuntongxun(at address: String) -> YuntongxunConfiguration {
        YuntongxunConfiguration(baseURL: address, accountSID: accountSID, authToken: authToken, appID: appID)
    }

    func aliyun(at address: String) -> AliyunConfiguration {
        AliyunConfiguration(
            baseURL: address, accessKeyID: aliyun.accessKeyID, accessKeySecret: aliyun.accessKeySecret,
            signName: aliyun.signName, templateCode: aliyun.templateCode)
    }

    func tencent(at address: String) -> TencentConfiguration {
        TencentConfiguration(
            baseURL: address, secretID: tencent.secretID, secretKey: tencent.secretKey, appID: tencent.appID,
            signName: tencent.signName, templateID: tencent.templateID)
    }

    func twilio(at address: String) -> TwilioConfiguration {
        TwilioConfiguration(
            baseURL: address, accountSID: twilio.accountSID, authToken: twilio.authToken, sender: twilio.from)
    }

    func sns(at address: String) -> AmazonSNSConfiguration {
        AmazonSNSConfiguration(
            baseURL: address, region: amazonSNS.region, accessKeyID: amazonSNS.accessKeyID,
            secretAccessKey: amazonSNS.secretAccessKey)
    }

    func webhook(at address: String) -> SignedWebhookConfiguration {
        SignedWebhookConfiguration(url: "\(address)/webhook", secrets: [signedWebhook.secret])
    }
}
