import Logging
import SMSVerification

/// Takes over what an operator changes in the file of limits. What is wrong with it is said once, and once that it is over.
struct LimitsWatch {
    let file: LimitTableFile
    let logger: Logger
    private var problem: LimitTableError?

    init(file: LimitTableFile, logger: Logger) {
        self.file = file
        self.logger = logger
    }

    /// Looks at the file once.
    ///
    /// - Returns: What has changed, line by line.
    @discardableResult
    mutating func look() -> [String] {
        do throws(LimitTableError) {
            let changes = try file.reloadIfChanged()
            if problem != nil { logger.notice("the file of limits is in order again: \(file.path)") }
            problem = nil
            Self.tell(changes, logger)
            return changes
        } catch {
            if error != problem { logger.error("the limits stay as they were: \(error)") }
            problem = error
            return []
        }
    }

    /// Tells the log what a reload has changed.
    static func tell(_ changes: [String], _ logger: Logger) {
        if !changes.isEmpty { logger.notice("limits changed: \(changes.joined(separator: "; "))") }
    }
}
