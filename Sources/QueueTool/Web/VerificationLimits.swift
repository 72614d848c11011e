internal import Logging
internal import Operations
internal import RedisClient
internal import SMSVerification

/// What the limits of verifications have counted in the store of sms-api.
struct VerificationLimits: Sendable {
    private let store: RedisClient
    private let file: LimitTableFile?
    private let rules: @Sendable () -> LimitRules
    private let limiter: SendLimiter
    /// The prefixes of numbers whose credit is used up.
    let credits: BackgroundLook<[CreditUse]>

    /// Nil when nobody said where the store is.
    init?(_ settings: Settings) throws {
        guard let url = try settings.redisURL(.shownStore) else { return nil }
        store = QueueOptions.client(url)
        let path = try settings.read(.limitsFile)
        let file = try path.map { path in try naming(.limitsFile) { try LimitTableFile(path: path) } }
        self.file = file
        let defaults = LimitRules()
        let rules: @Sendable () -> LimitRules = { file?.rules ?? defaults }
        self.rules = rules
        // It only reads, so that there is nothing to log.
        let limiter = SendLimiter(
            store: store, logger: Logger(label: "sms-queue") { _ in SwiftLogNoOpLogHandler() },
            rules: rules)
        self.limiter = limiter
        credits = BackgroundLook { try await limiter.creditUnderPressure(of: limiter.creditPrefixes()) }
    }

    /// Lets the body work with the store, when there is one.
    static func whileRunning(_ limits: VerificationLimits?, _ body: () async throws -> Void) async throws {
        guard let limits else { return try await body() }
        try await limits.store.whileRunning(body)
    }

    /// How much of the limits is in use.
    struct State: Sendable {
        let budgets: [BudgetUse]
        let limits: [LimitUse]
        /// The prefixes of numbers whose credit is used up, as far as was looked.
        let credits: BackgroundLook<[CreditUse]>.Outcome
        /// At how many percent of a budget the alarm is raised.
        let alarmPercent: Int
        /// What is wrong with the table's file; nil: nothing.
        let fileProblem: String?
    }

    /// How much is in use just now, by the table as its file has it now; while that has a mistake, as it was before.
    func state() async throws(RedisError) -> State {
        var fileProblem: String?
        do throws(LimitTableError) {
            _ = try file?.reloadIfChanged()
        } catch {
            fileProblem = error.description
        }
        return State(
            budgets: try await limiter.budgets(), limits: try await limiter.limitUses(), credits: credits.outcome,
            alarmPercent: rules().table.alarmPercent, fileProblem: fileProblem)
    }
}
