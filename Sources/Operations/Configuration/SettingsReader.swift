public import RedisClient

/// Reads one setting after another, and goes on past those that are wrong: a user is told all of them at once.
///
///     var reader = SettingsReader(settings)
///     queue = reader.read(.queue)
///     key = reader.step(.workKeyFile) { try SecretKey(file: file) }
///     try reader.finish()
public struct SettingsReader: Sendable {
    /// What is read.
    public let settings: Settings
    /// What is wrong, each once, in the order of finding.
    public private(set) var faults: [String] = []
    /// The keys of settings that must be given, and have no usable value.
    private var missing: Set<String> = []

    /// A reader that has found nothing wrong yet.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// The value of a setting; its default also when the value is wrong.
    public mutating func read<Value>(_ setting: Setting<Value>) -> Value {
        let settings = settings
        return step { try settings.read(setting) } ?? setting.defaultValue
    }

    /// The value of a setting that must be given; an empty text when it is not.
    public mutating func require(_ setting: Setting<String?>) -> String {
        let settings = settings
        if let value = step({ try settings.require(setting) }) { return value }
        missing.insert(setting.description.key)
        return ""
    }

    /// Whether a fault was found where that setting must be given.
    public func isMissing(_ setting: SettingDescription) -> Bool { missing.contains(setting.key) }

    /// The parts of a text with commas between them; none when nobody gives one.
    public mutating func list(_ setting: Setting<String?>) -> [String] {
        let settings = settings
        return step { try settings.list(setting) } ?? []
    }

    /// The Redis that a setting's URL names; a server of this machine when the URL is wrong.
    public mutating func redisURL(_ setting: Setting<String>) -> RedisURL {
        let settings = settings
        return step { try settings.redisURL(setting) } ?? .ofThisMachine
    }

    /// The same for a setting that need not be given: nil then, and when the URL is wrong.
    public mutating func redisURL(_ setting: Setting<String?>) -> RedisURL? {
        let settings = settings
        return step { try settings.redisURL(setting) } ?? nil
    }

    /// Carries out a step of reading; what it throws is a fault.
    public mutating func step<Value>(_ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            add(ConfigurationError(about: error))
            return nil
        }
    }

    /// Carries out what a setting asks for, such as reading the file that it names; what it throws is a fault of that
    /// setting.
    public mutating func step<Given: Sendable, Value>(
        _ setting: Setting<Given>, _ body: () throws -> Value
    ) -> Value? {
        step { try naming(setting, body) }
    }

    /// Adds what is wrong, unless it is known.
    public mutating func add(_ error: ConfigurationError) {
        for fault in error.faults where !faults.contains(fault) { faults.append(fault) }
    }

    /// - Throws: ``ConfigurationError`` with all faults, if there are any.
    public func finish() throws(ConfigurationError) {
        if let error = ConfigurationError(faults: faults) { throw error }
    }
}
