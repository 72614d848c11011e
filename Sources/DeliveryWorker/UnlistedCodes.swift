internal import Logging
internal import SMSProviders
internal import Synchronization

/// Tells the operator of vendors' codes that no table knows: what follows from them is a guess.
final class UnlistedCodes: Sendable {
    /// Vendors have a few hundred codes each; what goes beyond is no code.
    private static let most = 1000

    private let logger: Logger
    private let told = Mutex<Set<String>>([])

    init(logger: Logger) {
        self.logger = logger
    }

    /// Learns from an answer. Each code is told to the log once.
    func note(_ result: SendResult, of provider: String) {
        guard result.outcome.reason == .unlisted, let code = result.vendorCode else { return }
        let isNew = told.withLock { $0.count < Self.most && $0.insert("\(provider) \(code)").inserted }
        guard isNew else { return }
        logger.warning(
            """
            \(provider) answers with \(code), which is in no table and is taken for \(result.outcome.label): say what it \
            means in the file of --codes
            """)
    }
}
