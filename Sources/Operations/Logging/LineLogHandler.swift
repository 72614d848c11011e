public import Logging

/// A log handler that writes each record as one line, whatever the record holds: line breaks, escape sequences and other
/// control characters in messages and values are written as escapes, so that no input can forge a line. Or as an entry of
/// systemd's journal, where they are as they were.
///
/// Executables call ``startLogging(program:level:format:)``; tests make handlers with an output of their own.
public struct LineLogHandler: LogHandler {
    /// Takes one whole line, line feed included.
    public typealias Output = @Sendable (_ line: [UInt8]) -> Void

    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let isJournal: Bool
    private let output: Output
    private let journal: JournalSocket?
    private let limiter: RepeatLimiter?
    private let lastProblem: LastProblem?
    private let now: @Sendable () -> WallClockTime

    /// A handler for the logger `label`.
    ///
    /// - Parameters:
    ///   - label: the logger's name.
    ///   - level: the least severe level that is written.
    ///   - format: the form of the lines.
    ///   - isJournal: whether systemd's journal reads the lines: they begin with `<N>`, the priority, and the human form
    ///     leaves out the time, which the journal keeps itself.
    ///   - output: takes each line.
    public init(
        label: String, level: Logger.Level, format: LogFormat, isJournal: Bool = StandardError.isJournal,
        output: @escaping Output = StandardError.write
    ) {
        self.init(
            label: label, level: level, format: format, isJournal: isJournal, output: output, now: WallClockTime.now)
    }

    init(
        label: String, level: Logger.Level, format: LogFormat, isJournal: Bool, output: @escaping Output,
        journal: JournalSocket? = nil, limiter: RepeatLimiter? = nil, lastProblem: LastProblem? = nil,
        now: @escaping @Sendable () -> WallClockTime
    ) {
        logLevel = level
        self.label = label
        self.format = format
        self.isJournal = isJournal
        self.output = output
        self.journal = journal
        self.limiter = limiter
        self.lastProblem = lastProblem
        self.now = now
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let record = LogRecord(
            time: now(), level: event.level, logger: label, message: event.message.description,
            metadata: merged(with: event))
        lastProblem?.note(record)
        guard let limiter else { return write(record) }
        for record in limiter.admit(record) { write(record) }
    }

    private func write(_ record: LogRecord) {
        if let journal {
            var entry: [UInt8] = []
            record.appendJournal(to: &entry)
            if journal.send(entry) { return }
        }
        output(record.line(format, isJournal: isJournal))
    }

    /// The nearer to the call, the stronger: the event's own values, then the task's, then the logger's.
    private func merged(with event: LogEvent) -> Logger.Metadata {
        var merged = metadata
        if let provided = metadataProvider?.get() {
            merged.merge(provided) { _, new in new }
        }
        if let own = event.metadata {
            merged.merge(own) { _, new in new }
        }
        if let error = event.error, merged["error"] == nil {
            merged["error"] = "\(error)"
        }
        return merged
    }
}
