import Logging
import Synchronization

@testable import Operations

/// A log output that keeps the lines.
final class LineCollector: Sendable {
    private let storage = Mutex<[String]>([])

    var lines: [String] { storage.withLock { $0 } }

    /// A logger that writes here; the time is 2026-11-22 21:56:57.003 UTC.
    func logger(
        _ format: LogFormat = .human, level: Logger.Level = .trace, isJournal: Bool = false,
        journal: JournalSocket? = nil, limiter: RepeatLimiter? = nil
    ) -> Logger {
        let handler = LineLogHandler(
            label: "sms-worker", level: level, format: format, isJournal: isJournal,
            output: { line in self.storage.withLock { $0.append(String(decoding: line, as: UTF8.self)) } },
            journal: journal, limiter: limiter,
            now: { WallClockTime(seconds: 1_795_384_617, milliseconds: 3) })
        return Logger(label: "sms-worker") { _ in handler }
    }
}
