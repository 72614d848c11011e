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
            Setting.countries.description,
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
    /// - Throws: ``ConfigurationError``, which tells of each setting at fault.
    public init(_ settings: Settings) throws(ConfigurationError) {
        var reader = SettingsReader(settings)
        self.init(&reader)
        try reader.finish()
    }

    /// Reads the settings, and the files that they name; what is wrong has its default.
    init(_ reader: inout SettingsReader) {
        let settings = reader.settings
        // When the providers' names are wrong, nobody can say whose account must be given.
        let choices = reader.step { try settings.read(.providers) } ?? []
        providers = choices.map { ProviderAccount($0.name, &reader) }
        tables = DeliveryTables(&reader)
        let name = reader.read(.workerName) ?? "sms-worker@\(ProcessOwner.host)"
        worker = WorkerConfiguration(
            broker: RedisConfiguration(url: reader.redisURL(.broker)), name: name.replacingHost(ProcessOwner.host))
        worker.queues = reader.read(.queues)
        worker.queueOrder = reader.read(.queueOrder)
        worker.results = reader.redisURL(.resultBackend).map {
            ResultBackendConfiguration(redis: RedisConfiguration(url: $0))
        }
        if let path = reader.read(.periodicTasks) {
            periodicTasks = reader.step { try Self.periodicTasks(in: path) } ?? []
        }
        worker.concurrency = reader.read(.concurrency)
        worker.longestTask = Self.longestTask
        worker.acknowledgement = reader.read(.acknowledgement)
        if let file = reader.read(.sealKeyFile) {
            let others = reader.list(.sealOtherKeyFiles)
            sealingKeys = reader.step(.sealKeyFile) { try SealingKeys(file: file, otherFiles: others) }
        }
        hasRecords = reader.read(.deliveryRecords) == .yes
        sending = SendingPolicy(choices, &reader)
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
