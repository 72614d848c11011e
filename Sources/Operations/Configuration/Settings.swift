import Configuration
public import FoundationEssentials

/// Reads the settings of a program.
///
/// A value comes from, in this order: the flag, the environment variable, for a secret the file that `<VARIABLE>_FILE`
/// names, a credential of systemd, the JSON file of `--config` or `SMS_CONFIG`, the default. A variable that is set to
/// nothing counts as not set; blanks around a value do not belong to it.
///
///     let settings = try Settings(declared: declared, flags: [Setting.queue.given(queue)])
///     let name = try settings.read(.queue)
public struct Settings: Sendable {
    private let reader: ConfigReader
    private let sources: [Source]
    private let declared: [SettingDescription]
    /// What is wrong with sources, each of which says which of its values cannot be had.
    private let sourceFaults: [ConfigurationError]
    /// Environment variables that begin as the product's do, and that no program of it knows.
    public let unknownVariables: [UnknownVariable]
    /// The folder in which the program may keep what outlives it, as systemd's `StateDirectory=` gives it; nil: there is
    /// none.
    public let stateFolder: String?

    /// Opens the sources, and fails when one of them cannot be read or holds a key that no program knows.
    ///
    /// - Parameters:
    ///   - declared: every setting that the program reads.
    ///   - flags: what the command line gave; nil for a flag that was not used.
    ///   - environment: the process's environment variables.
    ///   - isCheck: goes on past single values that cannot be had, which ``faults`` tells of then.
    /// - Throws: ``ConfigurationError`` with all that is wrong with the sources.
    public init(
        declared: [SettingDescription], flags: [GivenFlag?] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment, isCheck: Bool = false
    ) throws(ConfigurationError) {
        let environment = environment.filter { !$0.value.isEmpty }
        let secrets = declared.filter(\.isSecret)
        let given = flags.compactMap { $0 }
        var sourceFaults: [ConfigurationError] = []
        var sources = [
            Source(.flag, texts: Dictionary(given.map { ($0.key, $0.text) }) { _, last in last }),
            Source(.environment, environment: environment, secrets: secrets),
            Source(.secretFile, texts: Settings.secretFiles(secrets, environment: environment, &sourceFaults)),
        ]
        let credentials = environment["CREDENTIALS_DIRECTORY"].map { Credentials(folder: $0) }
        if let credentials {
            sources.append(Source(.credential, texts: credentials.texts(for: declared, &sourceFaults)))
        }
        let path = Setting.configurationFile.description
        if let file = given.last(where: { $0.key == path.key })?.text ?? environment[path.variable]
            ?? credentials?.path(of: path)
        {
            let known = declared.map(\.key) + SystemKeys.all
            let texts = try ConfigurationFile.read(file, knownKeys: known, &sourceFaults)
            sources.append(Source(.file(path: file), texts: texts))
        }
        if !isCheck, let error = ConfigurationError(faults: sourceFaults.flatMap(\.faults)) { throw error }
        self.sourceFaults = sourceFaults
        unknownVariables = UnknownVariable.all(in: environment, declared: declared)
        self.sources = sources
        self.declared = declared
        stateFolder = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map { String($0) }
        reader = ConfigReader(providers: sources.map(\.provider)).scoped(to: "sms")
    }

    /// The value of a setting; its default when nobody gives one.
    public func read<Value>(_ setting: Setting<Value>) throws(ConfigurationError) -> Value {
        let about = setting.description
        guard let text = text(of: about) else { return setting.defaultValue }
        guard let value = setting.parse(text) else {
            throw .invalid(about, text: text, origin: origin(of: about))
        }
        return value
    }

    /// The value of a setting that has no default, and an error that says how to set it when nobody has.
    public func require<Value>(_ setting: Setting<Value?>) throws(ConfigurationError) -> Value {
        guard let value = try read(setting) else { throw .missing(setting.description) }
        return value
    }

    /// The parts of a text with commas between them; none when nobody gives one.
    public func list(_ setting: Setting<String?>) throws(ConfigurationError) -> [String] {
        try read(setting)?.commaSeparated.filter { !$0.isEmpty } ?? []
    }

    /// What is wrong with the sources, and with the value of each declared setting that has no valid one.
    var faults: [ConfigurationError] {
        sourceFaults
            + declared.compactMap { about in
                guard let text = text(of: about), !about.accepts(text) else { return nil }
                return .invalid(about, text: text, origin: origin(of: about))
            }
    }

    private func text(of setting: SettingDescription) -> String? {
        reader.string(forKey: ConfigKey(setting.key), isSecret: setting.isSecret)?.trimmed
    }

    private func origin(of setting: SettingDescription) -> String {
        let source = sources.first {
            ConfigReader(provider: $0.provider).scoped(to: "sms").string(forKey: ConfigKey(setting.key)) != nil
        }
        return source?.name(of: setting) ?? setting.variable
    }

    private static func secretFiles(
        _ secrets: [SettingDescription], environment: [String: String], _ faults: inout [ConfigurationError]
    ) -> [String: String] {
        var texts: [String: String] = [:]
        for secret in secrets {
            guard let path = environment[secret.fileVariable] else { continue }
            guard environment[secret.variable] == nil else {
                faults.append(
                    ConfigurationError("\(secret.variable) and \(secret.fileVariable) are both set: unset one of them"))
                continue
            }
            do {
                texts[secret.key] = try textOfFile(path)
            } catch {
                faults.append(
                    ConfigurationError(
                        "cannot read \(path): \(error); correct \(secret.fileVariable) or make the file readable"))
            }
        }
        return texts
    }
}

/// Carries out what a setting asks for, such as reading the file that it names.
///
/// - Throws: ``ConfigurationError``, which names the setting that an error is about.
public func naming<Given: Sendable, Value>(
    _ setting: Setting<Given>, _ step: () throws -> Value
) throws(ConfigurationError) -> Value {
    do {
        return try step()
    } catch {
        throw ConfigurationError(setting.description.name, about: error)
    }
}

/// One place that values come from.
private struct Source: Sendable {
    enum Kind: Sendable {
        case flag
        case environment
        case secretFile
        case credential
        case file(path: String)
    }

    let kind: Kind
    let provider: any ConfigProvider

    init(_ kind: Kind, texts: [String: String]) {
        self.kind = kind
        let values = texts.map { (AbsoluteConfigKey(ConfigKey("sms.\($0.key)")), ConfigValue(stringLiteral: $0.value)) }
        provider = InMemoryProvider(name: "\(kind)", values: Dictionary(values) { _, last in last })
    }

    init(_ kind: Kind, environment: [String: String], secrets: [SettingDescription]) {
        self.kind = kind
        provider = EnvironmentVariablesProvider(
            environmentVariables: environment, secretsSpecifier: .specific(Set(secrets.map(\.variable))))
    }

    /// How a person names the setting in this place.
    func name(of setting: SettingDescription) -> String {
        switch kind {
        case .flag: setting.flag ?? setting.key
        case .environment: setting.variable
        case .secretFile: setting.fileVariable
        case .credential: "the credential \(setting.credential)"
        case .file(let path): "sms.\(setting.key) in \(path)"
        }
    }
}
