public import Logging

/// Makes every logger of the process write to standard error or to the journal; called once, first thing, by executables
/// only. Warnings and errors that repeat themselves are counted instead, after a few.
///
/// - Parameters:
///   - program: the name of the logger that is returned.
///   - level: the least severe level that is written.
///   - format: the form of the lines.
///   - metadataProvider: adds to each record what the current Swift task works for.
/// - Returns: the program's own logger.
/// - Throws: ``ConfigurationError`` when there is no journal to write to.
public func startLogging(
    program: String, level: Logger.Level, format: LogFormat, metadataProvider: Logger.MetadataProvider? = nil
) throws(ConfigurationError) -> Logger {
    let journal = try journal(for: format)
    let limiter = RepeatLimiter()
    let output: LineLogHandler.Output = { line in
        StandardError.write(line) { lost in
            let notice = LogRecord(
                time: .now(), level: .warning, logger: program, message: LineOutput.loss(lost), metadata: [:])
            return notice.line(format, isJournal: StandardError.isJournal)
        }
    }
    LoggingSystem.bootstrap(
        { label, provider in
            var handler = LineLogHandler(
                label: label, level: level, format: format, isJournal: StandardError.isJournal,
                output: output, journal: journal, limiter: limiter, lastProblem: .logged,
                now: WallClockTime.now)
            handler.metadataProvider = provider
            return handler
        }, metadataProvider: metadataProvider)
    return Logger(label: program)
}

/// Starts logging as the settings ``Setting/logLevel`` and ``Setting/logFormat`` say, and warns of environment variables
/// that look like settings and are none.
public func startLogging(
    program: String, settings: Settings, metadataProvider: Logger.MetadataProvider? = nil
) throws(ConfigurationError) -> Logger {
    let logger = try startLogging(
        program: program, level: try settings.read(.logLevel), format: try settings.read(.logFormat),
        metadataProvider: metadataProvider)
    for unknown in settings.unknownVariables where unknown.isMisspelt { logger.warning("\(unknown)") }
    return logger
}

private func journal(for format: LogFormat) throws(ConfigurationError) -> JournalSocket? {
    guard format == .journal else { return nil }
    guard let journal = JournalSocket() else {
        throw ConfigurationError(
            "--log-format or SMS_LOG_FORMAT: there is no journal at \(JournalSocket.systemPath); choose human or json")
    }
    return journal
}
