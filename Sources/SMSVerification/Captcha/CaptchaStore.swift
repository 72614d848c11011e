internal import RedisClient

/// Keeps what pictures show, so many an address in a minute.
struct CaptchaStore: Sendable {
    private static let script = RedisScript(name: "issue", source: PackageResources.issue_lua)

    let store: RedisClient
    let secrets: StoredSecrets
    let policy: VerificationPolicy

    /// - Parameters:
    ///   - key: The picture's key.
    ///   - answer: What it shows, as it is stored.
    ///   - lifetime: How long it counts.
    ///   - address: Who is shown it.
    /// - Returns: After how long the address is given one again; nil when it was given this one.
    func keep(
        _ key: String, _ answer: String, for lifetime: Duration, shownTo address: ClientAddress?
    ) async throws(VerificationUnavailable) -> Duration? {
        let counter = StoreKeys.picturesShown(to: address.map { secrets.subject($0.subject) } ?? "")
        do throws(RedisError) {
            let wait = try await store.run(
                Self.script, keys: [key, counter],
                arguments: [answer, lifetime.wholeMilliseconds, address == nil ? 0 : policy.picturesPerMinute]
            ).integer
            return wait == 0 ? nil : .milliseconds(wait)
        } catch {
            throw VerificationUnavailable(part: "store", message: error.message)
        }
    }
}
