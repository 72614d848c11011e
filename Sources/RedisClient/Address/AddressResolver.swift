internal import CHiredisShim
import Synchronization

/// An address that needs no looking up any more, and what to know of the server behind it.
struct ServerAddress: Sendable, Hashable {
    /// Where to connect to.
    enum Location: Sendable, Hashable {
        case tcp(ip: String, port: Int)
        case unix(path: String)
    }
    var location: Location
    /// The name it was found under, which a TLS certificate must hold; nil for a Unix socket.
    var name: String?
    /// What a sentinel called the master by; nil where no sentinel was asked.
    var master: HostAndPort?
}

/// Turns host names into addresses without blocking anybody: the system's resolver runs on a short-lived thread.
enum AddressResolver {
    /// All addresses of a host, in the order in which they are tried.
    static func resolve(_ server: HostAndPort, within limit: Duration) async throws(RedisError) -> [ServerAddress] {
        let texts = isNumeric(server.host) ? [server.host] : try await lookUp(server.host, within: limit)
        return texts.map { ServerAddress(location: .tcp(ip: $0, port: server.port), name: server.host) }
    }

    static func isNumeric(_ host: String) -> Bool {
        host.contains(":") || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
    }

    private static func lookUp(_ host: String, within limit: Duration) async throws(RedisError) -> [String] {
        let lookup = Lookup(host)
        let answer = await withTaskGroup(of: Lookup.Answer.self) { group in
            group.addTask { await lookup.answer() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .failure(RedisError(.timedOut, "the host name \(host) was not resolved within \(limit)"))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(RedisError(.cancelled, "the look-up of \(host) was cancelled"))
        }
        return try answer.get()
    }
}

/// One question to the system's resolver. Its thread cannot be stopped, so whoever does not wait any more leaves it alone.
private final class Lookup: Sendable {
    typealias Answer = Result<[String], RedisError>

    private enum State {
        case waiting(CheckedContinuation<Answer, Never>)
        case answered(Answer)
        case new
    }

    private let host: String
    private let state = Locked(State.new)

    init(_ host: String) {
        self.host = host
    }

    /// Asks, and waits for the answer or the task's cancellation.
    func answer() async -> Answer {
        start()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Answer? in
                    if case .answered(let answer) = state { return answer }
                    state = .waiting(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            finish(.failure(RedisError(.cancelled, "the look-up of \(host) was cancelled")))
        }
    }

    private func start() {
        let retained = Unmanaged.passRetained(self)
        let error = chiredis_thread_start(
            "redis-resolver",
            { pointer in
                guard let pointer else { return }
                let lookup = Unmanaged<Lookup>.fromOpaque(pointer).takeRetainedValue()
                lookup.finish(lookup.blockingLookUp())
            }, retained.toOpaque())
        if error != 0 {
            retained.release()
            finish(.failure(RedisError(.notConnected, "no thread to resolve \(host): errno \(error)")))
        }
    }

    /// The first answer counts.
    private func finish(_ answer: Answer) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            switch state {
            case .answered: return nil
            case .new:
                state = .answered(answer)
                return nil
            case .waiting(let continuation):
                state = .answered(answer)
                return continuation
            }
        }
        waiting?.resume(returning: answer)
    }

    private func blockingLookUp() -> Answer {
        let length = Int(CHIREDIS_ADDRESS_LENGTH)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8 * length) { buffer in
            let count = Int(chiredis_resolve(host, buffer.baseAddress, Int32(buffer.count / length)))
            guard count > 0, let texts = buffer.baseAddress else {
                let reason = String(cString: chiredis_resolve_error(Int32(count)))
                return .failure(RedisError(.notConnected, "cannot resolve the host name \(host): \(reason)"))
            }
            return .success((0..<count).map { String(cString: texts + $0 * length) })
        }
    }
}
