internal import CHiredisShim
import Synchronization

/// Turns a host name into an address without blocking the event loop: the system's resolver runs on a short-lived thread.
enum AddressResolver {
    static func resolve(_ endpoint: RedisEndpoint) async throws(RedisError) -> ResolvedAddress {
        switch endpoint {
        case .unix(let path): return .unix(path: path)
        case .tcp(let host, let port):
            if isNumeric(host) { return .tcp(host: host, port: port) }
            let answer = await withCheckedContinuation { lookUp(host, $0) }
            return .tcp(host: try answer.get(), port: port)
        }
    }

    private static func isNumeric(_ host: String) -> Bool {
        host.contains(":") || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
    }

    private typealias Answer = CheckedContinuation<Result<String, RedisError>, Never>

    private final class Request: Sendable {
        let host: String
        let answer: Answer

        init(host: String, answer: Answer) {
            self.host = host
            self.answer = answer
        }
    }

    private static func lookUp(_ host: String, _ answer: Answer) {
        let request = Unmanaged.passRetained(Request(host: host, answer: answer))
        let error = chiredis_thread_start(
            "redis-resolver",
            { pointer in
                guard let pointer else { return }
                let request = Unmanaged<Request>.fromOpaque(pointer).takeRetainedValue()
                request.answer.resume(returning: AddressResolver.blockingLookUp(request.host))
            }, request.toOpaque())
        if error != 0 {
            request.release()
            answer.resume(
                returning: .failure(RedisError(.notConnected, "no thread to resolve \(host): errno \(error)")))
        }
    }

    private static func blockingLookUp(_ host: String) -> Result<String, RedisError> {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            let code = chiredis_resolve(host, buffer.baseAddress, buffer.count)
            guard code == 0, let text = buffer.baseAddress else {
                let reason = String(cString: chiredis_resolve_error(code))
                return .failure(RedisError(.notConnected, "cannot resolve the host name \(host): \(reason)"))
            }
            return .success(String(cString: text))
        }
    }
}
