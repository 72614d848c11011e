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
    /// - Parameter makingKeys: Makes the file of the key that signs receipts when it is missing.
    /// - Throws: ``ConfigurationError``, which names the setting at fault.
    public init(_ settings: Settings, makingKeys: Bool = true) throws(ConfigurationError) {
        self.init(
            host: try settings.read(.apiHost), port: try settings.read(.apiPort),
            store: try settings.redisURL(.store), broker: try settings.redisURL(.broker))
        queue = try settings.read(.queue)
        hasTutorialRoutes = try settings.read(.tutorialRoutes) == .yes
        if let address = try settings.read(.inboxURL) {
            demoPage = try naming(.inboxURL) { try DemoPageOptions(inboxURL: address) }
        }
        let countries = try settings.read(.countries)
        numbers = try naming(.countries) { try NumberPlan(countries) }
        for origin in try settings.list(.allowedOrigins) { allowedOrigins.insert(try Self.origin(origin)) }
        captchaDesign = try settings.read(.captchaDesign)
        policy.captchaAlphabet = try settings.read(.captchaAlphabet)
        let fonts = try settings.list(.captchaFonts)
        if !fonts.isEmpty { captchaFonts = fonts.map { FontFile(path: $0) } }
        policy.picturesPerMinute = try settings.read(.picturesPerMinute)
        try readProxies(settings)
        callbacks = try CallbackConfiguration(settings)
        try readKeys(settings, makingKeys)
        try readCertificate(settings)
        // What the tutorial's routes write is plain, as Django needs it.
        if case .sealed = secrets { hasTutorialRoutes = false }
        limitsFile = try settings.read(.limitsFile)
        _ = try naming(.limitsFile) { try openLimits() }
    }

    /// The limits' file; nil: the defaults hold.
    ///
    /// - Throws: ``LimitTableError``.
    func openLimits() throws(LimitTableError) -> LimitTableFile? {
        guard let limitsFile else { return nil }
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

    private mutating func readKeys(_ settings: Settings, _ makingKeys: Bool) throws(ConfigurationError) {
        if let file = try settings.read(.sealKeyFile) {
            let others = try settings.list(.sealOtherKeyFiles)
            secrets = .sealed(try naming(.sealKeyFile) { try SealingKeys(file: file, otherFiles: others) })
        }
        workPolicy.baseBits = try settings.read(.workBits)
        workKey = try settings.key(.workKeyFile)
        previousWorkKey = try settings.key(.workPreviousKeyFile)
        receipts.audience = try settings.read(.receiptAudience)
        receipts.pseudonymKey = try settings.key(.receiptPseudonymKeyFile)
        if let url = try settings.read(.publicURL) {
            receipts.issuer = url
            ownOrigin = Self.origin(ofURL: url)
            isSecure = url.lowercased().hasPrefix("https://")
        }
        if let file = try settings.read(.receiptKeyFile) {
            receiptKey = try naming(.receiptKeyFile) { try Self.receiptKey(file, makingKeys) }
        } else if let folder = settings.stateFolder {
            do throws(KeyFileError) {
                receiptKey = try Self.receiptKey("\(folder)/receipt-key.pem", makingKeys)
            } catch {
                throw ConfigurationError("the key for receipts in the state directory ($STATE_DIRECTORY): \(error)")
            }
        }
        if let file = try settings.read(.auditKeyFile) {
            auditKey = try naming(.auditKeyFile) { try AuditKey(contentsOfFile(file)) }
        }
        let published = try settings.list(.receiptPublishedKeyFiles)
        publishedReceiptKeys = try naming(.receiptPublishedKeyFiles) {
            try published.map { try ReceiptVerificationKey(file: $0) }
        }
    }

    private static func receiptKey(
        _ file: String, _ makingKeys: Bool
    ) throws(KeyFileError) -> ReceiptSigningKey? {
        makingKeys ? try ReceiptSigningKey(file: file, makingIfMissing: true) : try ReceiptSigningKey(existing: file)
    }

    private mutating func readProxies(_ settings: Settings) throws(ConfigurationError) {
        hops = TrustedHops(
            count: try settings.read(.trustedHops), header: try settings.read(.trustedHeader),
            proxies: try settings.read(.trustedProxies))
        if try settings.read(.proxyProtocol) == .yes {
            guard hops.count == 0, !hops.proxies.isEmpty else {
                throw ConfigurationError(
                    "--proxy-protocol (SMS_PROXY_PROTOCOL) takes the place of --trusted-hops (SMS_TRUSTED_HOPS), and "
                        + "needs --trusted-proxies (SMS_TRUSTED_PROXIES): say from where the proxies connect")
            }
            hops = TrustedHops(proxyProtocolFrom: hops.proxies)
            return
        }
        guard (hops.count > 0) == !hops.proxies.isEmpty else {
            throw ConfigurationError(
                "--trusted-proxies (SMS_TRUSTED_PROXIES) goes together with --trusted-hops (SMS_TRUSTED_HOPS), or with "
                    + "--proxy-protocol (SMS_PROXY_PROTOCOL): give one of the two with it, or none of them")
        }
    }

    private mutating func readCertificate(_ settings: Settings) throws(ConfigurationError) {
        switch (try settings.read(.tlsCertificateFile), try settings.read(.tlsKeyFile)) {
        case (nil, nil): return
        case (let certificate?, let key?):
            tls = try naming(.tlsCertificateFile) { try ServerTLS(certificateFile: certificate, keyFile: key) }
        default:
            let names = [Setting.tlsCertificateFile.description.name, Setting.tlsKeyFile.description.name]
            throw ConfigurationError("\(names.joined(separator: " and ")) go together: give both or none")
        }
        if try settings.read(.publicURL) == nil { receipts.issuer = "https://\(host):\(port)" }
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

extension Settings {
    /// The key in the file that a setting names.
    fileprivate func key(_ setting: Setting<String?>) throws(ConfigurationError) -> SecretKey? {
        guard let file = try read(setting) else { return nil }
        return try naming(setting) { try SecretKey(file: file) }
    }
}
