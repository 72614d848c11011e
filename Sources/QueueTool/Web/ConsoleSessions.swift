internal import Synchronization

/// Somebody's visit to the console.
struct ConsoleSession: Sendable {
    /// What the cookie says.
    let id: String
    /// What every form says, so that none can be sent from elsewhere.
    let formToken = randomWord()
    /// Said who he is, or need not.
    let isSignedIn: Bool
    fileprivate let start = ContinuousClock.now
}

/// The visits that go on: a bounded number of them, in memory, each for half a day.
final class ConsoleSessions: Sendable {
    private static let life = Duration.seconds(12 * 3600)
    private static let most = 1000

    private struct State {
        var sessions: [String: ConsoleSession] = [:]
        var notices: [String: HTML] = [:]

        mutating func end(_ id: String) {
            sessions[id] = nil
            notices[id] = nil
        }
    }

    private let state = Mutex(State())

    /// Begins a visit.
    func begin(signedIn: Bool) -> ConsoleSession {
        let session = ConsoleSession(id: randomWord(), isSignedIn: signedIn)
        state.withLock { state in
            state.sessions = state.sessions.filter { $0.value.start.duration(to: .now) < Self.life }
            if state.sessions.count >= Self.most {
                // Those who have not signed in go first.
                let oldest = state.sessions.values.min {
                    ($0.isSignedIn ? 1 : 0, $0.start) < ($1.isSignedIn ? 1 : 0, $1.start)
                }
                if let oldest { state.end(oldest.id) }
            }
            state.sessions[session.id] = session
        }
        return session
    }

    /// The visit that a cookie names, if it goes on.
    func session(_ id: String) -> ConsoleSession? {
        state.withLock { state in
            guard let session = state.sessions[id], session.start.duration(to: .now) < Self.life else { return nil }
            return session
        }
    }

    func end(_ session: ConsoleSession) {
        state.withLock { $0.end(session.id) }
    }

    /// To be told on the next page.
    func tell(_ notice: HTML, _ session: ConsoleSession) {
        state.withLock { $0.notices[session.id] = notice }
    }

    /// What is to be told, once.
    func takeNotice(_ session: ConsoleSession) -> HTML? {
        state.withLock { $0.notices.removeValue(forKey: session.id) }
    }
}

/// 256 bits of the system's generator in hexadecimal digits.
private func randomWord() -> String {
    (0..<4).map { _ in
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
}
