public import RedisClient
import Synchronization

/// A limit of how much goes on at once, over all workers of a broker.
///
/// Each worker holds as many of the places as it uses, for a time that it keeps prolonging: those of a worker that dies
/// are free again ten seconds later. Where there are too few, nobody gets more than an equal part.
public final class SharedPlaces: Sendable {
    /// How long places are held without being prolonged.
    private static let life = Duration.seconds(10)
    /// How often ``keep()`` tells what the worker uses.
    private static let period = Duration.milliseconds(500)
    /// How soon Redis is asked again when there was none, or it did not answer.
    private static let pause = Duration.milliseconds(50)

    private struct State {
        var used = 0
        /// Those who are just asking for a place.
        var waiting = 0
        /// The most that were used or asked for since Redis was told.
        var peak = 0
        /// How many may be used until that time.
        var held = 0
        var end = ContinuousClock.now
        /// There is none before that time.
        var next = ContinuousClock.now
        var asking: Task<Void, Never>?
        /// Whether Redis knows of this worker.
        var isKnown = false
    }

    private enum Step {
        case granted
        case wait(Duration)
        case ask(Task<Void, Never>)
    }

    private let client: RedisClient
    private let key: String
    private let number: Int
    private let worker: String
    private let scripts = QueueScripts()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - number: How many places there are for all workers together.
    ///   - key: The hash in Redis that says who holds how many; all workers name the same one, and the same number.
    ///   - worker: What tells this worker from all others.
    public init(_ number: Int, key: String, worker: String, client: RedisClient) {
        self.number = number
        self.key = key
        self.worker = worker
        self.client = client
    }

    /// Takes a place. Nil: it was taken, and ``leave()`` follows. Otherwise how long it takes until it is worth asking
    /// again, also when Redis does not answer.
    public func enter() async -> Duration? {
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0.waiting -= 1 } }
        while true {
            switch state.withLock({ step(&$0) }) {
            case .granted: return nil
            case .wait(let wait): return wait
            case .ask(let asking): await asking.value
            }
        }
    }

    /// Gives a place back.
    public func leave() {
        state.withLock { $0.used -= 1 }
    }

    /// Holds the places, and gives back those that are not needed, until the task is cancelled.
    public func keep() async {
        while (try? await Task.sleep(for: Self.period)) != nil { await tell() }
    }

    /// Gives back all that are not in use, as the worker ends.
    public func release() async {
        // What was asked before still wanted them.
        await state.withLock { $0.asking }?.value
        state.withLock { $0.peak = $0.used }
        await tell()
    }

    private func step(_ state: inout State) -> Step {
        let now = ContinuousClock.now
        state.peak = max(state.peak, state.used + state.waiting)
        if state.used < state.held, now < state.end {
            state.used += 1
            return .granted
        }
        if let asking = state.asking { return .ask(asking) }
        guard now >= state.next else { return .wait(state.next - now) }
        return .ask(ask(&state))
    }

    private func tell() async {
        let asking = state.withLock { state -> Task<Void, Never>? in
            guard state.isKnown || state.used > 0 else { return nil }
            return state.asking ?? ask(&state)
        }
        await asking?.value
    }

    private func ask(_ state: inout State) -> Task<Void, Never> {
        let (used, wanted) = (state.used, min(number, max(state.peak, state.used)))
        state.peak = state.used
        // Until Redis has answered no more are given out: it may leave only those that are in use.
        state.held = state.used
        let asking = Task { [self] in await ask(used: used, wanted: wanted) }
        state.asking = asking
        return asking
    }

    private func ask(used: Int, wanted: Int) async {
        let sent = ContinuousClock.now
        do throws(RedisError) {
            let held = try await client.run(
                scripts.share, keys: [key],
                arguments: [worker, number, used, wanted, Self.life.wholeMilliseconds]
            ).integer
            state.withLock { state in
                state.held = held
                state.end = sent + Self.life
                state.isKnown = held > 0 || wanted > 0 || used > 0
                state.next = held <= state.used ? .now + Self.pause : .now
                state.asking = nil
            }
        } catch {
            state.withLock { state in
                state.next = .now + Self.pause
                state.asking = nil
            }
        }
    }
}
