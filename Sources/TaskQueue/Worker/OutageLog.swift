internal import Logging
import Synchronization

/// Warns of what goes wrong while Redis is away or refuses, once in ten seconds: many tasks meet the same fault at once.
final class OutageLog: Sendable {
    private static let period = Duration.seconds(10)

    private let logger: Logger
    private let next = Mutex<ContinuousClock.Instant?>(nil)

    init(logger: Logger) {
        self.logger = logger
    }

    func report(_ message: Logger.Message) {
        let isDue = next.withLock { next in
            guard next.map({ $0 <= .now }) ?? true else { return false }
            next = .now + Self.period
            return true
        }
        logger.log(level: isDue ? .warning : .debug, message)
    }
}
