internal import Synchronization

/// Slows those down who guess: from each address some wrong tokens a minute are answered with care, no more.
final class SignInAttempts: Sendable {
    private static let most = 5
    private static let period = Duration.seconds(60)
    private static let mostAddresses = 10_000

    private struct Failures {
        var count = 0
        let start = ContinuousClock.now
    }

    private let failures = Mutex<[String: Failures]>([:])

    /// How long that address, which has named a wrong token, has to wait; nil: it is told so.
    func wait(_ address: String) -> Duration? {
        failures.withLock { failures in
            guard let known = failures[address], known.count >= Self.most else { return nil }
            let rest = Self.period - known.start.duration(to: .now)
            return rest > .zero ? rest : nil
        }
    }

    /// That address has named a wrong token.
    func fail(_ address: String) {
        failures.withLock { failures in
            if failures[address] == nil, failures.count >= Self.mostAddresses { failures = [:] }
            if let known = failures[address], known.start.duration(to: .now) >= Self.period { failures[address] = nil }
            failures[address, default: Failures()].count += 1
        }
    }
}

/// Whether two texts are the same, in a time that does not tell how much of them is.
func areEqualInConstantTime(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
