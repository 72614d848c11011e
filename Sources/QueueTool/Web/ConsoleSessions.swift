internal import Synchronization
internal import TaskQueue

/// The visit of somebody who may look: who has signed in, or need not.
struct ConsoleSession: Sendable {
    /// What the cookie says.
    let id: String
    /// What every form says, so that none can be sent from elsewhere.
    let formToken = randomWord()
    fileprivate let start = ContinuousClock.now
}

/// The visits that go on: a bounded number of them, in memory, each for half a day.
final class ConsoleSessions: Sendable {
    private static let life = Duration.seconds(12 * 3600)
    private static let most = 1000

    private struct State {
        var sessions: [String: ConsoleSession] = [:]
        /// Their ids, the one that was seen last at the end.
        var order: [String] = []
        var notices: [String: HTML] = [:]

        mutating func end(_ id: String) {
            sessions[id] = nil
            order.removeAll { $0 == id }
            notices[id] = nil
        }
    }

    private let state = Mutex(State())

    /// Begins a visit; when there are too many, the one ends that was seen longest ago.
    func begin() -> ConsoleSession {
        let session = ConsoleSession(id: randomWord())
        state.withLock { state in
            if state.order.count >= Self.most, let oldest = state.order.first { state.end(oldest) }
            state.sessions[session.id] = session
            state.order.append(session.id)
        }
        return session
    }

    /// The visit that a cookie names, if it goes on.
    func session(_ id: String) -> ConsoleSession? {
        state.withLock { state in
            guard let session = state.sessions[id] else { return nil }
            guard session.start.duration(to: .now) < Self.life else {
                state.end(id)
                return nil
            }
            if let place = state.order.lastIndex(of: id) { state.order.append(state.order.remove(at: place)) }
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
    (0..<4).map { _ in Hexadecimal.text(UInt64.random(in: .min ... .max)) }.joined()
}
