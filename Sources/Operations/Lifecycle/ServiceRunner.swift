public import Logging
public import ServiceLifecycle
import UnixSignals

/// Runs the services of a program until one fails or a signal ends it.
///
/// The services start together and stop one after the other in reverse order, so a service may rely on those before it
/// until it has stopped. SIGTERM or SIGINT lets them finish what they do (a warm shutdown, within ``gracePeriod``); a second
/// signal, or the end of that period, cancels all of them at once, and they have ``cancellationPeriod`` to give back their
/// work; those that others rely on must therefore answer for a moment after their cancellation.
///
/// A service that returns by itself ends the program in the same orderly way; when one throws, so does
/// ``run(_:operations:started:)`` after the others have stopped.
///
/// SIGHUP makes the ``reloaders`` take over changed settings.
///
/// systemd is told when the program has started, when it reloads and when it begins to stop, and in between how it is doing:
/// a ``status`` with the last problem that was logged, and for its watchdog that the ``liveness`` checks hold.
public struct ServiceRunner: Sendable {
    /// How long a warm shutdown may take.
    public var gracePeriod: Duration = .seconds(25)
    /// How long cancelled services may take to end; after that the process is ended by force.
    public var cancellationPeriod: Duration = .seconds(5)

    /// Checks of what only a new process would mend, for the watchdog.
    public var liveness = HealthChecks()
    /// What takes over changed settings on SIGHUP, in this order. Nil: SIGHUP ends the process, as it does by default.
    public var reloaders: [Reloader]?
    /// A line that says how the program is doing, for `systemctl status`.
    public var status: @Sendable () async -> String? = { nil }
    /// How often the line is made.
    public var statusPeriod: Duration = .seconds(5)

    let logger: Logger
    let readiness: Readiness
    let notifier: ServiceNotifier
    let lastProblem: LastProblem

    /// A runner that announces a shutdown to `readiness` and to systemd.
    ///
    /// - Parameter lastProblem: what the status ends with.
    public init(
        logger: Logger, readiness: Readiness, notifier: ServiceNotifier = ServiceNotifier(),
        lastProblem: LastProblem = .logged
    ) {
        self.logger = logger
        self.readiness = readiness
        self.notifier = notifier
        self.lastProblem = lastProblem
    }

    /// Runs `services` until the program is to end.
    ///
    /// - Parameters:
    ///   - services: the program's services; each is stopped before those in front of it.
    ///   - operations: the operations server, which starts first and stops last.
    ///   - started: returns when the program can do its work, for instance when its port is bound; systemd is told then.
    ///     It is cancelled when the program ends earlier.
    public func run(
        _ services: [any Service], operations: OperationsServer?,
        started: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let announcer = Announcer(self) {
            _ = try await operations?.listeningPort.number
            try await started()
        }
        let all: [any Service] = (operations.map { [$0] } ?? []) + services + [announcer]
        var configuration = ServiceGroupConfiguration(
            services: all.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "\(type(of: $0))")
            }, logger: quietLogger)
        configuration.maximumGracefulShutdownDuration = gracePeriod
        configuration.maximumCancellationDuration = cancellationPeriod
        try await run(ServiceGroup(configuration: configuration), announcer)
    }

    /// Waits for the group and for signals. A ServiceGroup itself hears only the first signal, so that a second SIGTERM
    /// would do nothing; therefore they are counted here.
    private func run(_ group: ServiceGroup, _ announcer: Announcer) async throws {
        let signals = await UnixSignalsSequence(
            trapping: [.sigterm, .sigint] + (reloaders == nil ? [] : [UnixSignal.sighup]))
        // One that comes while another is carried out is carried out after it, however often it comes.
        let (reloads, reload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Event.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch is CancellationError {
                    // Services that were cancelled may say so; that is no failure of the program.
                }
                return .ended
            }
            tasks.addTask {
                for await _ in reloads { await announcer.reload() }
                return .noMoreSignals
            }
            tasks.addTask { [logger, gracePeriod] in
                defer { reload.finish() }
                var isStopping = false
                for await signal in signals {
                    if signal == .sighup {
                        reload.yield()
                        continue
                    }
                    if isStopping {
                        logger.warning("\(signal): cold shutdown")
                        return .secondSignal
                    }
                    isStopping = true
                    logger.info("\(signal): warm shutdown, at most \(gracePeriod); a second signal ends it at once")
                    await group.triggerGracefulShutdown()
                }
                return .noMoreSignals
            }
            while let event = try await tasks.next() {
                switch event {
                case .ended:
                    tasks.cancelAll()
                    return
                case .secondSignal: tasks.cancelAll()
                case .noMoreSignals: continue
                }
            }
        }
    }

    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .info)
        return logger
    }

    private enum Event {
        case ended
        case secondSignal
        case noMoreSignals
    }
}
