import Logging
import RedisClient

extension RedisClient {
    /// A client that logs nothing.
    static func quiet(
        _ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }
    ) throws -> RedisClient {
        var configuration = RedisConfiguration(url: try RedisURL(url))
        change(&configuration)
        return RedisClient(configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Whether the server answers now.
    var answers: Bool {
        get async { (try? await ping()) != nil }
    }
}

extension RedisURL {
    /// A server on 127.0.0.1.
    static func local(_ port: Int) -> String { "redis://127.0.0.1:\(port)/0" }
}
