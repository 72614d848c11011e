public import Logging
public import ServiceLifecycle
import UnixSignals

/// Runs the services of a program until one fails or a signal ends it.
///
/// The services start together and stop one after the other in reverse order, so a service may rely on those before it
/// until it has stopped. SIGTERM or SIGINT lets them finish what they do (a warm shutdown, within ``gracePeriod``); a second
/// signal, or the end of that period, cancels them, and they have ``cancellationPeriod`` to give back their work. A service
/// that fails or ends by itself shuts down the others warmly; its error is thrown.
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
        _ services: [any Service], operations: OperationsServer?, started: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let announcer = Announcer(readiness: readiness, notifier: notifier, logger: logger) {
            _ = try await operations?.listeningPort.number
            try await started()
        }
        let all: [any Service] = (operations.map { [$0] } ?? []) + services + [announcer]
        // A service of a daemon that ends by itself has failed, whether it throws or returns; the others still get the time
        // to finish what they do.
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

    /// Waits for the group and for signals. A ServiceGroup itself hears only the first signal of a kind, so that a second
    /// SIGTERM would do nothing; therefore the signals are counted here.
    private func run(_ group: ServiceGroup) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Event.self) { tasks in
            tasks.addTask {
                try await group.run()
                return .ended
            }
            tasks.addTask { await Self.nextSignal(in: signals) }
            var isStopping = false
            while let event = try await next(in: &tasks, isStopping: isStopping) {
                switch event {
                case .ended:
                    tasks.cancelAll()
                    return
                case .signal(let name) where !isStopping:
                    isStopping = true
                    logger.info("\(name): warm shutdown, at most \(gracePeriod); once more: cold shutdown")
                    await group.triggerGracefulShutdown()
                    tasks.addTask { await Self.nextSignal(in: signals) }
                case .signal(let name):
                    logger.warning("\(name): cold shutdown")
                    tasks.cancelAll()
                case .noSignal: continue
                }
            }
        }
    }

    /// The next event. Services that are cancelled while they stop may say so; that is no failure of the program.
    private func next(
        in tasks: inout ThrowingTaskGroup<Event, any Error>, isStopping: Bool
    ) async throws -> Event? {
        do {
            return try await tasks.next()
        } catch is CancellationError where isStopping {
            return .ended
        }
    }

    private static func nextSignal(in signals: UnixSignalsSequence) async -> Event {
        for await signal in signals {
            return .signal("\(signal)")
        }
        return .noSignal
    }

    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .info)
        return logger
    }

    private enum Event {
        case ended
        case signal(String)
        case noSignal
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
