import Logging

/// Tells systemd's watchdog that the program does its work, for as long as it does: while a part of it stands still, nothing
/// is said, and systemd makes a new process.
struct Watchdog: Sendable {
    let period: Duration
    let liveness: HealthChecks
    let notifier: ServiceNotifier
    let logger: Logger

    /// Watches until the task is cancelled. It looks four times in a period, so that one unlucky look costs nothing.
    func run() async {
        var fault: String?
        while !Task.isCancelled {
            let ill = await liveness.run().compactMap { part, reason in reason.map { "\(part): \($0)" } }.sorted()
            let found = ill.isEmpty ? nil : ill.joined(separator: "; ")
            if found == nil { notifier.watchdog() }
            if (found == nil) != (fault == nil) {
                if let found {
                    logger.critical("the watchdog is kept waiting, and ends this process after \(period): \(found)")
                } else {
                    logger.notice("the watchdog hears again that all is well")
                }
            }
            fault = found
            try? await Task.sleep(for: period / 4)
        }
    }
}
