import Logging
import Synchronization

/// The last warning or error that was logged, for who wants to know at a glance how a program is doing.
public final class LastProblem: Sendable {
    /// That of ``startLogging(program:settings:)``.
    public static let logged = LastProblem()

    private let last = Mutex<(time: WallClockTime, message: String)?>(nil)

    /// No problem yet.
    public init() {}

    func note(_ record: LogRecord) {
        guard record.level >= .warning else { return }
        last.withLock { $0 = (record.time, record.message) }
    }

    /// `last problem 2026-11-23 05:56:57: text`, in local time; nil when there was none.
    var text: String? {
        guard let (time, message) = last.withLock({ $0 }) else { return nil }
        var when: [UInt8] = []
        time.appendLocal(to: &when)
        return "last problem \(String(decoding: when.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)): \(message)"
    }
}
