public import Logging
public import ServiceLifecycle
import UnixSignals

/// Takes over changed settings when SIGHUP comes, as `systemctl reload` sends it; the program goes on with its work
/// meanwhile.
///
/// From the moment that it is made SIGHUP does not end the process any more.
public struct Reload: Service {
    private let reloaders: [Reloader]
    private let signals: UnixSignalsSequence
    private let logger: Logger

    /// Carries out `reloaders` one after the other at each SIGHUP.
    public init(_ reloaders: [Reloader], logger: Logger) async {
        self.reloaders = reloaders
        self.logger = logger
        signals = await UnixSignalsSequence(trapping: .sighup)
    }

    /// Waits for signals until the service is shut down.
    public func run() async throws {
        for await signal in signals.cancelOnGracefulShutdown() {
            logger.info("\(signal): taking over changed settings")
            for reloader in reloaders {
                do {
                    try await reloader.reload()
                } catch {
                    logger.error("\(reloader.name) stays as it was: \(error)")
                }
            }
        }
    }
}
