public import RedisClient

/// Looks whether a queue is as it should be, and mends what is not.
///
/// It is safe beside running workers: what it takes for damage it checks a second time, in the same atomic step that
/// mends it, since a job that moves while it looks is no damage. It brings no messages over but those that it suspects.
public struct QueueDoctor: Sendable {
    /// What to do about damage.
    public enum Repair: Sendable, Hashable {
        /// Only tell.
        case never
        /// Mend it.
        case always

        var argument: String { self == .always ? "1" : "0" }
    }

    /// A worker that is alive gives word more often than this.
    static let patience = Duration.seconds(3)

    let client: RedisClient
    let keys: QueueKeys
    let scripts = QueueScripts()

    /// A doctor for the queue of that name.
    public init(client: RedisClient, queue: String) {
        self.client = client
        keys = QueueKeys(queue: queue)
    }

    /// Looks at everything.
    ///
    /// - Parameters:
    ///   - repair: Whether to mend what is damaged.
    ///   - now: This machine's time.
    ///   - progress: Told what is looked at, how many keys or messages of it were, and out of how many, where that is known.
    public func examine(
        repair: Repair = .never, now: @Sendable () -> WireTime = { .now },
        progress: (_ subject: DoctorCheck.Subject, _ examined: Int, _ total: Int?) -> Void = { _, _, _ in }
    ) async throws(RedisError) -> DoctorReport {
        var report = DoctorReport(queue: keys.queue)
        report.checks += try await serverChecks()
        report.checks.append(try await clock(now))
        report.checks.append(try await rights())
        report.checks.append(try await loadedScripts())
        report.checks.append(try await looking(.workers, workers))

        let found = try await foundKeys { progress(.keys, $0, nil) }
        report.checks.append(try await strangeKeys(found, repair))
        report.checks.append(
            try await looking(.claims) { () async throws(RedisError) in
                try await claims(found, repair) { progress(.claims, $0, nil) }
            })
        report.checks.append(
            try await looking(.limits) { () async throws(RedisError) in try await lines(found, repair) })
        report.checks.append(try await looking(.schedule, schedule))
        var messages: DoctorCheck?
        report.checks.append(
            try await looking(.copies) { () async throws(RedisError) in
                let (copies, readable) = try await copies(found, repair) { progress(.copies, $0, $1) }
                messages = readable
                return copies
            })
        if let messages { report.checks.append(messages) }
        report.checks.append(
            try await looking(.letters) { () async throws(RedisError) in
                try await letters(repair) { progress(.letters, $0, $1) }
            })
        return report
    }

    /// What cannot be looked at is told, and is no end: since a key is of another type than it should be, since this user
    /// has no right to, or since the server refuses it, as one does that takes no scripts.
    private func looking(
        _ subject: DoctorCheck.Subject, _ look: () async throws(RedisError) -> DoctorCheck
    ) async throws(RedisError) -> DoctorCheck {
        do throws(RedisError) {
            return try await look()
        } catch {
            switch error.serverError {
            case .wrongType?:
                // The key itself is a problem of the keys.
                return .unseen(
                    subject, .warning, "this could not be looked at, since a key of the queue is of the wrong type")
            case .noPermission?:
                return .unseen(subject, .note, "this user may not look at it: \(error)")
            default:
                guard error.code == .refused else { throw error }
                return .unseen(subject, .problem, "this could not be looked at: \(error)")
            }
        }
    }
}
