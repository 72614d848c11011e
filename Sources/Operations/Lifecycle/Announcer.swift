import Logging
import ServiceLifecycle
import Synchronization

/// The last service of a program: it starts when all others have, and is the first to hear that they are to stop. It tells
/// systemd of all that, and how the program is doing meanwhile.
final class Announcer: Service {
    private enum Phase {
        case starting
        case running
        case stopping
    }

    /// One that takes longer is left behind.
    private static let longestReload = Duration.seconds(30)

    private let runner: ServiceRunner
    private let started: @Sendable () async throws -> Void
    private let phase = Mutex(Phase.starting)

    init(_ runner: ServiceRunner, started: @escaping @Sendable () async throws -> Void) {
        self.runner = runner
        self.started = started
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown { [self] in
            do {
                try await started()
            } catch is CancellationError {
                return
            }
            enter(.running) { runner.notifier.ready() }
            await accompany()
        }
        try? await gracefulShutdown()
        runner.readiness.beginShutdown()
        enter(.stopping) { runner.notifier.stopping() }
    }

    /// Takes over changed settings.
    func reload() async {
        runner.logger.notice("SIGHUP: reading again what can change while the program runs")
        // Before it has started, the end of a reload would look like the end of the start.
        say(.running) { runner.notifier.reloading() }
        for reloader in runner.reloaders ?? [] {
            do {
                try await withTimeLimit(Self.longestReload, reloader.reload)
            } catch {
                runner.logger.error("\(reloader.name) stays as it was: \(error)")
            }
        }
        say(.running) { runner.notifier.ready() }
    }

    /// Feeds the watchdog and tells the status, until the program is to end.
    private func accompany() async {
        guard runner.notifier.isActive else { return }
        await withDiscardingTaskGroup { group in
            if let period = runner.notifier.watchdogPeriod {
                let watchdog = Watchdog(
                    period: period, liveness: runner.liveness, notifier: runner.notifier, logger: runner.logger)
                group.addTask { await watchdog.run() }
            }
            group.addTask { [self] in await tellStatus() }
        }
    }

    private func tellStatus() async {
        var told = ""
        while !Task.isCancelled {
            let own = await runner.status()
            let text = [own, runner.lastProblem.text].compactMap { $0 }.joined(separator: "; ")
            if text != told { runner.notifier.status(text) }
            told = text
            try? await Task.sleep(for: runner.statusPeriod)
        }
    }

    private func enter(_ next: Phase, _ tell: () -> Void) {
        phase.withLock { phase in
            phase = next
            tell()
        }
    }

    private func say(_ when: Phase, _ tell: () -> Void) {
        phase.withLock { if $0 == when { tell() } }
    }
}
