import SMSVerification

/// Proof of work for this service's own purpose.
struct WorkIssuer: Sendable {
    /// What all work here is spent on.
    private static let purpose = "send-code"

    let work: ProofOfWork
    let policy: ProofOfWorkPolicy

    func challenge(for client: ClientToken, pressure: Int) -> ProofOfWorkChallenge {
        work.challenge(purpose: Self.purpose, client: client.text, pressure: pressure)
    }

    /// Nil when it is not good, for whatever reason.
    func check(challenge: String, solution: String, of client: ClientToken) -> SolvedWork? {
        guard
            let spend = try? work.check(
                challenge: challenge, solution: solution, purpose: Self.purpose, client: client.text)
        else { return nil }
        return SolvedWork(key: spend.key, lifetime: spend.lifetime, pressure: policy.pressure(ofBits: spend.bits))
    }
}
