public import Operations
internal import RedisClient
public import SMSVerification
public import TaskQueue

/// Everything that sms-worker needs to know.
public struct DeliveryConfiguration: Sendable {
    /// The queue, the broker and how many tasks run at once.
    public var worker: WorkerConfiguration
    /// Tasks that the worker puts on queues again and again.
    public var periodicTasks: [PeriodicTask] = []
    /// The gateways, the one that is tried first at the head.
    public var providers: [ProviderAccount]
    /// What gateways answer is written down.
    public var hasRecords = true
    /// How the worker chooses among them, and how much it asks of each.
    public var sending = SendingPolicy()
    /// What vendors' codes mean, and which templates messages have.
    var tables: DeliveryTables
    /// Opens sealed jobs; nil: only plain ones are known.
    public var sealingKeys: SealingKeys?
    /// How long a code lives, which the message tells.
    public var policy = VerificationPolicy()

    /// Names the worker and the gateways.
    public init(worker: WorkerConfiguration, providers: [ProviderAccount]) {
        self.worker = worker
        self.providers = providers
        tables = DeliveryTables()
    }

    /// Every setting of the program, for its help and its configuration file.
    public static let settings: [SettingDescription] =
        [
            Setting.broker.description, Setting.queues.description, Setting.queueOrder.description,
            Setting.resultBackend.description, Setting.periodicTasks.description, Setting.concurrency.description,
            Setting.workerName.description,
            Setting.providers.description, Setting.callbackURL.description, Setting.deliveryRecords.description,
            Setting.templatesFile.description, Setting.codesFile.description,
            Setting.sealKeyFile.description, Setting.sealOtherKeyFiles.description,
            Setting.acknowledgement.description, Setting.logLevel.description, Setting.logFormat.description,
            Setting.operationsHost.description, Setting.operationsPort(default: defaultOperationsPort).description,
            Setting.configurationFile.description,
        ] + SendingPolicy.settings + ProviderAccount.settings

    /// A gateway's answer is waited for at most ten seconds or so, and then others may be asked: sending takes far less.
    private static let longestTask = Duration.seconds(300)

    /// Where health and metrics are unless told otherwise.
    public static let defaultOperationsPort = 9181

    /// Reads the settings.
    ///
    /// - Throws: ``ConfigurationError``, which names the setting at fault.
    public init(_ settings: Settings) throws(ConfigurationError) {
        let choices = try settings.read(.providers)
        var accounts: [ProviderAccount] = []
        for choice in choices { accounts.append(try ProviderAccount(choice.name, settings)) }
        try self.init(settings, choices: choices, providers: accounts, tables: try DeliveryTables(settings))
    }

    /// Reads the settings, but for the providers, their accounts and the tables, which were read before.
    init(
        _ settings: Settings, choices: [ProviderChoice], providers: [ProviderAccount], tables: DeliveryTables
    ) throws(ConfigurationError) {
        self.providers = providers
        self.tables = tables
        let name = try settings.read(.workerName) ?? "sms-worker@\(ProcessOwner.host)"
        worker = WorkerConfiguration(
            broker: RedisConfiguration(url: try settings.redisURL(.broker)), name: name.replacingHost(ProcessOwner.host)
        )
        worker.queues = try settings.read(.queues)
        worker.queueOrder = try settings.read(.queueOrder)
        worker.results = try settings.redisURL(.resultBackend).map {
            ResultBackendConfiguration(redis: RedisConfiguration(url: $0))
        }
        if let path = try settings.read(.periodicTasks) { periodicTasks = try Self.periodicTasks(in: path) }
        worker.concurrency = try settings.read(.concurrency)
        worker.longestTask = Self.longestTask
        worker.acknowledgement = try settings.read(.acknowledgement)
        if let file = try settings.read(.sealKeyFile) {
            let others = try settings.list(.sealOtherKeyFiles)
            sealingKeys = try naming(.sealKeyFile) { try SealingKeys(file: file, otherFiles: others) }
        }
        hasRecords = try settings.read(.deliveryRecords) == .yes
        sending = try SendingPolicy(choices, settings)
    }

    private static func periodicTasks(in path: String) throws(ConfigurationError) -> [PeriodicTask] {
        do {
            return try PeriodicTask.list(fromJSON: contentsOfFile(path))
        } catch {
            throw ConfigurationError("--periodic-tasks or SMS_PERIODIC_TASKS: \(path): \(error)")
        }
    }

    /// What the linter finds in the messages.
    var lint: DeliveryLint { DeliveryLint(accounts: providers, templates: tables.templates, policy: policy) }
}

extension String {
    /// `%h` in a worker's name stands for the host, as in Celery's `-n`.
    fileprivate func replacingHost(_ host: String) -> String {
        split(separator: "%h", omittingEmptySubsequences: false).joined(separator: host)
    }
}
