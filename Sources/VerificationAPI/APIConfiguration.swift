public import CaptchaImage
public import Operations
public import RedisClient
public import SMSVerification
public import TaskQueue

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
    /// The tutorial's routes are there.
    public var hasTutorialRoutes = true
    /// Which numbers are sent to.
    public var numbers = NumberPlan()
    /// How pictures look.
    public var captchaDesign = CaptchaDesignName.zigzag
    /// The fonts that pictures are drawn with.
    public var captchaFonts = FontFile.boldFaces
    /// A file with limits; it is read again when it changes. Nil: the defaults hold.
    public var limitsFile: String?
    /// Which proxies tell whom they work for, and how.
    public var hops = TrustedHops.none
    /// How codes stand in Redis.
    public var secrets = StoredSecrets.plain
    /// What proof of work asks for.
    public var workPolicy = ProofOfWorkPolicy()
    /// Signs challenges; nil: a key of this run alone.
    public var workKey: SecretKey?
    /// Signed challenges before.
    public var previousWorkKey: SecretKey?
    /// What receipts have in common.
    public var receipts: ReceiptConfiguration
    /// Signs receipts; nil: a key of this run alone.
    public var receiptKey: ReceiptSigningKey?
    /// Further keys in the key set.
    public var publishedReceiptKeys: [ReceiptVerificationKey] = []
    /// Other origins whose pages may use `/v1`.
    public var allowedOrigins: Set<String> = []
    /// The origin of the service's own pages, as browsers write it; nil: the one that requests name.
    public var ownOrigin: String?
    /// Browsers reach the service over TLS.
    public var isSecure = false
    /// The service itself speaks TLS; nil: in the clear.
    public var tls: ServerTLS?
    /// Which gateways' reports are taken.
    public var callbacks = CallbackConfiguration()
    /// Signs the audit log; nil: it is not signed.
    public var auditKey: AuditKey?
    /// So many connections are open at once. More wait until others have ended: each costs memory and a file descriptor,
    /// also while it is idle.
    public var mostConnections = 4096
    /// How long clients may take.
    public var limits = ConnectionLimits()

    /// An API on that port, with those two Redis databases.
    public init(host: String = "127.0.0.1", port: Int, store: RedisURL, broker: RedisURL) {
        self.host = host
        self.port = port
        self.store = Self.quick(store)
        self.broker = Self.quick(broker)
        receipts = ReceiptConfiguration(issuer: "http://\(host):\(port)", audience: "shop")
    }

    /// Every setting of the program, for its help and its configuration file.
    public static let settings: [SettingDescription] =
        [
            Setting.apiHost.description, Setting.apiPort.description, Setting.publicURL.description,
            Setting.broker.description, Setting.store.description, Setting.queue.description,
            Setting.countries.description, Setting.allowedOrigins.description, Setting.tutorialRoutes.description,
            Setting.limitsFile.description, Setting.captchaDesign.description, Setting.captchaAlphabet.description,
            Setting.captchaFonts.description, Setting.picturesPerMinute.description,
            Setting.trustedHops.description, Setting.proxyProtocol.description,
            Setting.trustedProxies.description, Setting.trustedHeader.description, Setting.sealKeyFile.description,
            Setting.sealOtherKeyFiles.description, Setting.receiptAudience.description,
            Setting.receiptKeyFile.description, Setting.receiptPublishedKeyFiles.description,
            Setting.receiptPseudonymKeyFile.description, Setting.workBits.description, Setting.workKeyFile.description,
            Setting.workPreviousKeyFile.description, Setting.inboxURL.description, Setting.logLevel.description,
            Setting.logFormat.description, Setting.operationsHost.description,
            Setting.operationsPort(default: defaultOperationsPort).description, Setting.configurationFile.description,
            Setting.tlsCertificateFile.description, Setting.tlsKeyFile.description, Setting.auditKeyFile.description,
        ] + CallbackConfiguration.settings

    /// Where health and metrics are unless told otherwise.
    public static let defaultOperationsPort = 9180

    /// Reads the settings, and the files that they name.
    ///
    /// - Throws: ``ConfigurationError``, which tells of each setting at fault.
    public init(_ settings: Settings) throws(ConfigurationError) {
        var reader = SettingsReader(settings)
        self.init(&reader)
        try reader.finish()
    }

    /// Reads the settings, and the files that they name; what is wrong has its default.
    ///
    /// - Parameter makingKeys: Makes the file of the key that signs receipts when it is missing.
    init(_ reader: inout SettingsReader, makingKeys: Bool = true) {
        self.init(
            host: reader.read(.apiHost), port: reader.read(.apiPort), store: reader.redisURL(.store),
            broker: reader.redisURL(.broker))
        queue = reader.read(.queue)
        hasTutorialRoutes = reader.read(.tutorialRoutes) == .yes
        if let address = reader.read(.inboxURL) {
            demoPage = reader.step(.inboxURL) { try DemoPageOptions(inboxURL: address) } ?? demoPage
        }
        let countries = reader.read(.countries)
        let plan = reader.step(.countries) { try NumberPlan(countries) }
        numbers = plan ?? numbers
        for origin in reader.list(.allowedOrigins) {
            if let origin = reader.step({ try Self.origin(origin) }) { allowedOrigins.insert(origin) }
        }
        captchaDesign = reader.read(.captchaDesign)
        policy.captchaAlphabet = reader.read(.captchaAlphabet)
        let fonts = reader.list(.captchaFonts)
        if !fonts.isEmpty { captchaFonts = fonts.map { FontFile(path: $0) } }
        policy.picturesPerMinute = reader.read(.picturesPerMinute)
        readProxies(&reader)
        callbacks = CallbackConfiguration(&reader)
        readKeys(&reader, makingKeys)
        readCertificate(&reader)
        // What the tutorial's routes write is plain, as Django needs it.
        if case .sealed = secrets { hasTutorialRoutes = false }
        limitsFile = reader.read(.limitsFile)
        // Budgets are held against the countries, as soon as these are known.
        _ = reader.step(.limitsFile) { try openLimits(for: plan) }
    }

    /// The limits' file; nil: the defaults hold.
    ///
    /// - Throws: ``LimitTableError``.
    func openLimits() throws(LimitTableError) -> LimitTableFile? {
        try openLimits(for: numbers)
    }

    private func openLimits(for numbers: NumberPlan?) throws(LimitTableError) -> LimitTableFile? {
        guard let limitsFile else { return nil }
        guard let numbers else { return try LimitTableFile(path: limitsFile) }
        let countries = numbers.countries + (hasTutorialRoutes ? [.china] : [])
        return try LimitTableFile(path: limitsFile, countries: countries.map(\.callingCode))
    }

    /// As browsers write it: a scheme and a host, and a port where it is not the usual one.
    private static func origin(_ text: String) throws(ConfigurationError) -> String {
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.contains("/") else {
            throw ConfigurationError(
                "\"\(text)\" is no origin for --allowed-origins (SMS_ALLOWED_ORIGINS): expected a scheme and a host "
                    + "without a path, such as https://shop.example")
        }
        return text
    }

    /// The origin of a page at that address, as browsers write it: in lower case, without path and usual port.
    private static func origin(ofURL url: String) -> String? {
        let parts = url.lowercased().split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let host = parts[2].split(whereSeparator: { "/?#".contains($0) }).first else {
            return nil
        }
        let usualPort = parts[0] == "https:" ? ":443" : ":80"
        return "\(parts[0])//\(host.hasSuffix(usualPort) ? host.dropLast(usualPort.count) : host)"
    }

    private mutating func readKeys(_ reader: inout SettingsReader, _ makingKeys: Bool) {
        secrets = reader.sealingKeys().map { .sealed($0) } ?? .plain
        workPolicy.baseBits = reader.read(.workBits)
        workKey = reader.key(.workKeyFile)
        previousWorkKey = reader.key(.workPreviousKeyFile)
        receipts.audience = reader.read(.receiptAudience)
        receipts.pseudonymKey = reader.key(.receiptPseudonymKeyFile)
        if let url = reader.read(.publicURL) {
            receipts.issuer = url
            ownOrigin = Self.origin(ofURL: url)
            isSecure = url.lowercased().hasPrefix("https://")
        }
        if let file = reader.read(.receiptKeyFile) {
            receiptKey = reader.step(.receiptKeyFile) { try Self.receiptKey(file, makingKeys) } ?? nil
        } else if let folder = reader.settings.stateFolder {
            do throws(KeyFileError) {
                receiptKey = try Self.receiptKey("\(folder)/receipt-key.pem", makingKeys)
            } catch {
                reader.add(
                    ConfigurationError("the key for receipts in the state directory ($STATE_DIRECTORY): \(error)"))
            }
        }
        if let file = reader.read(.auditKeyFile) {
            auditKey = reader.step(.auditKeyFile) { try AuditKey(contentsOfNamedFile(file)) }
        }
        publishedReceiptKeys = reader.list(.receiptPublishedKeyFiles).compactMap { file in
            reader.step(.receiptPublishedKeyFiles) { try ReceiptVerificationKey(file: file) }
        }
    }

    private static func receiptKey(
        _ file: String, _ makingKeys: Bool
    ) throws(KeyFileError) -> ReceiptSigningKey? {
        makingKeys ? try ReceiptSigningKey(file: file, makingIfMissing: true) : try ReceiptSigningKey(existing: file)
    }

    private mutating func readProxies(_ reader: inout SettingsReader) {
        hops = TrustedHops(
            count: reader.read(.trustedHops), header: reader.read(.trustedHeader), proxies: reader.read(.trustedProxies)
        )
        if reader.read(.proxyProtocol) == .yes {
            guard hops.count == 0, !hops.proxies.isEmpty else {
                return reader.add(
                    ConfigurationError(
                        "--proxy-protocol (SMS_PROXY_PROTOCOL) takes the place of --trusted-hops (SMS_TRUSTED_HOPS), and "
                            + "needs --trusted-proxies (SMS_TRUSTED_PROXIES): say from where the proxies connect"))
            }
            hops = TrustedHops(proxyProtocolFrom: hops.proxies)
        } else if (hops.count > 0) == hops.proxies.isEmpty {
            reader.add(
                ConfigurationError(
                    "--trusted-proxies (SMS_TRUSTED_PROXIES) goes together with --trusted-hops (SMS_TRUSTED_HOPS), or "
                        + "with --proxy-protocol (SMS_PROXY_PROTOCOL): give one of the two with it, or none of them"))
        }
    }

    private mutating func readCertificate(_ reader: inout SettingsReader) {
        switch (reader.read(.tlsCertificateFile), reader.read(.tlsKeyFile)) {
        case (nil, nil): return
        case (let certificate?, let key?):
            tls = reader.step(.tlsCertificateFile) { try ServerTLS(certificateFile: certificate, keyFile: key) }
        default:
            let names = [Setting.tlsCertificateFile.description.name, Setting.tlsKeyFile.description.name]
            reader.add(ConfigurationError("\(names.joined(separator: " and ")) go together: give both or none"))
        }
        if reader.read(.publicURL) == nil { receipts.issuer = "https://\(host):\(port)" }
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

extension SettingsReader {
    /// The key in the file that a setting names; nil when it names none, or none that can be used.
    fileprivate mutating func key(_ setting: Setting<String?>) -> SecretKey? {
        guard let file = read(setting) else { return nil }
        return step(setting) { try SecretKey(file: file) }
    }

    /// What seals and opens codes and jobs; nil: they are plain.
    fileprivate mutating func sealingKeys() -> SealingKeys? {
        guard let file = read(.sealKeyFile) else { return nil }
        let others = list(.sealOtherKeyFiles)
        return step(.sealKeyFile) { try SealingKeys(file: file, otherFiles: others) }
    }
}

extension LimitTableError: FaultList {}
