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
/// systemd is told when the program has started and when it begins to stop.
public struct ServiceRunner: Sendable {
    /// How long a warm shutdown may take.
    public var gracePeriod: Duration = .seconds(25)
    /// How long cancelled services may take to end; after that the process is ended by force.
    public var cancellationPeriod: Duration = .seconds(5)

    private let logger: Logger
    private let readiness: Readiness
    private let notifier: ServiceNotifier

    /// A runner that announces a shutdown to `readiness` and to systemd.
    public init(logger: Logger, readiness: Readiness, notifier: ServiceNotifier = ServiceNotifier()) {
        self.logger = logger
        self.readiness = readiness
        self.notifier = notifier
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
        let announcer = Announcer(readiness: readiness, notifier: notifier, logger: logger) {
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
        try await run(ServiceGroup(configuration: configuration))
    }

    /// Waits for the group and for signals. A ServiceGroup itself hears only the first signal, so that a second SIGTERM
    /// would do nothing; therefore they are counted here.
    private func run(_ group: ServiceGroup) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Event.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch is CancellationError {
                    // Services that were cancelled may say so; that is no failure of the program.
                }
                return .ended
            }
            tasks.addTask { [logger, gracePeriod] in
                var isStopping = false
                for await signal in signals {
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

/// The last service: it starts when all others have, and is the first to hear that they are to stop.
private struct Announcer: Service {
    let readiness: Readiness
    let notifier: ServiceNotifier
    let logger: Logger
    let started: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await started()
                notifier.ready()
            } catch is CancellationError {}
        }
        try? await gracefulShutdown()
        readiness.beginShutdown()
        notifier.stopping()
    }
}
