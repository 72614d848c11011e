public import Operations
public import RedisClient
public import SMSVerification

extension Setting where Value == String {
    /// The address that the API listens on: `--host`, `SMS_API_HOST`.
    static var apiHost: Setting {
        .string("api.host", flag: "--host", default: "127.0.0.1", help: "The address to listen on")
    }
}

extension Setting where Value == Int {
    /// The port that the API listens on: `--port`, `SMS_API_PORT`.
    static var apiPort: Setting {
        .port("api.port", flag: "--port", default: 8080, help: "The port to listen on")
    }
}

extension Setting where Value == String? {
    /// Where the demo page links to: `SMS_API_INBOX_URL`.
    static var inboxURL: Setting {
        .optionalURL(
            "api.inboxURL", flag: nil, schemes: ["http", "https"],
            help: "The sandbox's inbox, which the demo page links to")
    }
}

/// Everything that sms-api needs to know.
public struct APIConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 takes a free one.
    public var port: Int
    /// Holds captchas, codes and send-flags.
    public var store: RedisConfiguration
    /// Carries the jobs.
    public var broker: RedisConfiguration
    /// The queue's name.
    public var queue = "celery"
    /// How long things live.
    public var policy = VerificationPolicy()
    /// What the demo page is told.
    public var demoPage = DemoPageOptions()

    /// An API on that port, with those two Redis databases.
    public init(host: String = "127.0.0.1", port: Int, store: RedisURL, broker: RedisURL) {
        self.host = host
        self.port = port
        self.store = Self.quick(store)
        self.broker = Self.quick(broker)
    }

    /// Every setting of the program, for its help and its configuration file.
    public static let settings: [SettingDescription] = [
        Setting.apiHost.description, Setting.apiPort.description, Setting.broker.description,
        Setting.store.description, Setting.queue.description, Setting.inboxURL.description,
        Setting.logLevel.description, Setting.logFormat.description, Setting.operationsHost.description,
        Setting.operationsPort(default: defaultOperationsPort).description, Setting.configurationFile.description,
    ]

    /// Where health and metrics are unless told otherwise.
    public static let defaultOperationsPort = 9180

    /// Reads the settings.
    ///
    /// - Throws: ``ConfigurationError``, which names the setting at fault.
    public init(_ settings: Settings) throws(ConfigurationError) {
        self.init(
            host: try settings.read(.apiHost), port: try settings.read(.apiPort),
            store: try settings.redisURL(.store), broker: try settings.redisURL(.broker))
        queue = try settings.read(.queue)
        guard let address = try settings.read(.inboxURL) else { return }
        do throws(InvalidInboxURL) {
            demoPage = try DemoPageOptions(inboxURL: address)
        } catch {
            throw ConfigurationError("\(Setting.inboxURL.description.variable): \(error)")
        }
    }

    /// A person waits for the answer: while Redis is away, requests are refused at once and may be repeated.
    private static func quick(_ url: RedisURL) -> RedisConfiguration {
        var configuration = RedisConfiguration(url: url)
        configuration.clientName = "sms-api"
        configuration.commandTimeout = url.options.commandTimeout ?? .seconds(2)
        configuration.whileDisconnected = .fail
        return configuration
    }
}
