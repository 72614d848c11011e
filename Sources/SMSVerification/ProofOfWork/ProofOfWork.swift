public import TaskQueue

/// Makes challenges and checks what comes back. Nothing is stored until work is spent.
public struct ProofOfWork: Sendable {
    /// The work that can be asked for: less is none, and more is found by no browser in time.
    public static let possibleBits = 8...28
    /// How far the clocks of the service's instances may differ.
    static let clockTolerance: Duration = .seconds(60)
    /// Longer than any challenge.
    private static let longestText = 300

    private let policy: ProofOfWorkPolicy
    private let key: SecretKey
    private let previousKey: SecretKey?

    /// Makes it.
    ///
    /// - Parameters:
    ///   - policy: How much work is asked for.
    ///   - key: Signs challenges.
    ///   - previousKey: Signed those that may still come back; needed for a challenge's life after a change of keys. For
    ///     a change under load, give the new key to all instances as the previous one first.
    public init(_ policy: ProofOfWorkPolicy = ProofOfWorkPolicy(), key: SecretKey, previousKey: SecretKey? = nil) {
        self.policy = policy
        self.key = key
        self.previousKey = previousKey
    }

    /// A new challenge.
    ///
    /// - Parameters:
    ///   - purpose: What the work will be spent on.
    ///   - client: Who asks, such as a cookie's value; only the same may spend the work. Nil: whoever has it.
    ///   - pressure: The level of pressure, 0 for none.
    ///   - now: The time.
    public func challenge(
        purpose: String, client: String? = nil, pressure: Int = 0, at now: WireTime = .now
    ) -> ProofOfWorkChallenge {
        let id = RandomID.make()
        let issued = now.milliseconds / 1000
        return ProofOfWorkChallenge(
            bits: policy.bits(atPressure: pressure), id: id, issued: issued,
            expires: issued + Int(policy.lifetime.components.seconds),
            binding: Base64URL.encode(key.authenticationCode(for: bound(id, purpose, client))), key: key)
    }

    /// Checks work. What it gives has yet to be spent.
    ///
    /// - Parameters:
    ///   - challenge: The challenge's text as it was given out.
    ///   - solution: What was found: sixteen counters of 32 bits, big-endian, in base64url.
    ///   - purpose: What it is to be spent on.
    ///   - client: Who spends it.
    ///   - now: The time.
    /// - Throws: ``ProofOfWorkRefusal``.
    public func check(
        challenge text: String, solution: String, purpose: String, client: String? = nil, at now: WireTime = .now
    ) throws(ProofOfWorkRefusal) -> ProofOfWorkSpend {
        let keys = [key] + (previousKey.map { [$0] } ?? [])
        guard text.utf8.count <= Self.longestText, let challenge = ProofOfWorkChallenge(text, keys: keys) else {
            throw .notOurs
        }
        let remaining = WireTime(microseconds: challenge.expires * 1_000_000).since(now)
        guard remaining > .zero else { throw .expired }
        let bound = bound(challenge.id, purpose, client)
        let binding = Base64URL.decode(challenge.binding) ?? []
        guard keys.contains(where: { $0.isValid(binding, for: bound) }) else { throw .madeForAnother }
        guard let counters = ProofOfWorkPuzzles.counters(solution) else { throw .malformedSolution }
        guard ProofOfWorkPuzzles(challenge).areSolved(by: counters) else { throw .unsolved }
        return ProofOfWorkSpend(
            key: "sms:work:\(challenge.id)", lifetime: remaining + Self.clockTolerance, bits: challenge.bits,
            age: now.since(WireTime(microseconds: challenge.issued * 1_000_000)))
    }

    /// What a binding is made of. Each part with its length: no two sets of parts look alike. The id makes the bindings
    /// of one client differ.
    private func bound(_ id: String, _ purpose: String, _ client: String?) -> String {
        let parts = [id, purpose] + (client.map { [$0] } ?? [])
        return "\(ProofOfWorkChallenge.version)-binding" + parts.map { " \($0.utf8.count):\($0)" }.joined()
    }
}
