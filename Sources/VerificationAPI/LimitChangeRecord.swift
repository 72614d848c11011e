import Logging
import Operations
import RedisClient
import TaskQueue

/// Writes what an operator changes of the limits into the audit log: at once, or when Redis is back.
struct LimitChangeRecord: Sendable {
    private let log: AuditLog
    private let logger: Logger
    private let changes: AsyncStream<[String]>
    private let waiting: AsyncStream<[String]>.Continuation

    init(_ log: AuditLog, logger: Logger) {
        self.log = log
        self.logger = logger
        (changes, waiting) = AsyncStream.makeStream(of: [String].self)
    }

    /// What has changed, line by line; nothing is written of nothing.
    func add(_ lines: [String]) {
        if !lines.isEmpty { waiting.yield(lines) }
    }

    /// Writes until the task is cancelled.
    func run() async {
        for await lines in changes { await write(lines) }
    }

    private func write(_ lines: [String]) async {
        let event = AuditEvent(
            actor: "sms-api of \(ProcessOwner.name)", action: "change limits", subject: lines.joined(separator: "; "),
            count: lines.count)
        var random = SystemRandomNumberGenerator()
        for retry in 0... {
            do throws(RedisError) {
                try await log.append(event)
                return
            } catch {
                if retry == 0 || Task.isCancelled {
                    logger.warning("that the limits have changed is not in the audit log yet: \(error)")
                }
            }
            do {
                try await Task.sleep(for: RetryBackoff().pause(beforeRetry: retry, using: &random))
            } catch {
                return
            }
        }
    }
}
