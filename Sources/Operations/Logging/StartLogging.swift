public import Logging

/// Makes every logger of the process write lines to standard error; called once, first thing, by executables only.
///
/// - Parameters:
///   - program: the name of the logger that is returned.
///   - level: the least severe level that is written.
///   - format: the form of the lines.
/// - Returns: the program's own logger.
public func startLogging(program: String, level: Logger.Level, format: LogFormat) -> Logger {
    LoggingSystem.bootstrap(
        { label, provider in
            var handler = LineLogHandler(label: label, level: level, format: format)
            handler.metadataProvider = provider
            return handler
        }, metadataProvider: nil)
    return Logger(label: program)
}

/// Starts logging as the settings ``Setting/logLevel`` and ``Setting/logFormat`` say.
public func startLogging(program: String, settings: Settings) throws(ConfigurationError) -> Logger {
    startLogging(
        program: program, level: try settings.read(.logLevel), format: try settings.read(.logFormat))
}
