public import RedisClient
import Synchronization

/// A limit of how often something starts, over all workers of a broker.
///
/// It is counted in Redis exactly, by the generic cell rate algorithm. A worker takes several starts at once, as many as
/// it has used lately, and gives them out itself: they are good for a tenth of a second, so that in any second no more
/// than the starts of 1.1 seconds and one burst happen.
public final class SharedRate: Sendable {
    /// How long starts are good that were taken.
    private static let life = Duration.milliseconds(100)
    /// How long after a failure Redis is asked again.
    private static let pauseAfterFailure = Duration.milliseconds(200)

    private struct State {
        /// Taken together, and how many of them are left.
        var taken = 1
        var left = 0
        var end = ContinuousClock.now
        /// There is none before that time.
        var next = ContinuousClock.now
        var asking: Task<Void, Never>?
    }

    private enum Step {
        case granted
        case wait(Duration)
        case ask(Task<Void, Never>)
    }

    private let client: RedisClient
    private let key: String
    private let limit: RateLimit
    private let scripts = QueueScripts()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - key: The string in Redis that counts; all workers name the same one, and the same limit.
    ///   - limit: A worker takes no more starts at once than its burst.
    public init(_ limit: RateLimit, key: String, client: RedisClient) {
        self.limit = limit
        self.key = key
        self.client = client
    }

    /// Uses up one start. Nil: it may start now. Otherwise how long it takes until it is worth asking again, also when
    /// Redis does not answer.
    public func start() async -> Duration? {
        while true {
            switch state.withLock({ step(&$0) }) {
            case .granted: return nil
            case .wait(let wait): return wait
            case .ask(let asking): await asking.value
            }
        }
    }

    private func step(_ state: inout State) -> Step {
        let now = ContinuousClock.now
        if state.left > 0, now < state.end {
            state.left -= 1
            return .granted
        }
        if let asking = state.asking { return .ask(asking) }
        guard now >= state.next else { return .wait(state.next - now) }
        // All were used up early: twice as many. Otherwise as many as were used.
        let number = now < state.end ? state.taken * 2 : state.taken - state.left
        let asking = Task { [self] in await ask(for: min(max(1, number), limit.burst)) }
        state.asking = asking
        return .ask(asking)
    }

    private func ask(for number: Int) async {
        do throws(RedisError) {
            let reply = try await client.run(
                scripts.takeStarts, keys: [key], arguments: RateLimit.arguments(of: limit) + [number]
            ).array
            let taken = try reply[0].integer
            let wait = Duration.microseconds(try reply[1].integer)
            state.withLock { state in
                state.taken = max(1, taken)
                state.left = taken
                state.end = .now + Self.life
                state.next = taken < number ? .now + max(wait, .milliseconds(1)) : .now
                state.asking = nil
            }
        } catch {
            state.withLock { state in
                state.left = 0
                state.next = .now + Self.pauseAfterFailure
                state.asking = nil
            }
        }
    }
}
