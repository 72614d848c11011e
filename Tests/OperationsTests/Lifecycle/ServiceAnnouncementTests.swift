import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// What a running program tells systemd, on a socket that the test owns.
@Suite(.timeLimit(.minutes(5))) struct ServiceAnnouncementTests {
    private struct Ill: Error, CustomStringConvertible {
        let description = "it stands still"
    }

    private struct Waiting: Service {
        func run() async throws { try? await gracefulShutdown() }
    }

    private struct Closure: Service {
        var body: @Sendable () async throws -> Void

        func run() async throws { try await body() }
    }

    private let folder: TemporaryFolder
    private let socket: NotifySocket
    private let collector = LineCollector()

    init() throws {
        folder = try TemporaryFolder()
        socket = try NotifySocket("\(folder.path)/notify")
    }

    private func runner(
        watchdog: Duration? = nil, lastProblem: LastProblem = LastProblem()
    ) -> ServiceRunner {
        var environment = ["NOTIFY_SOCKET": socket.address]
        if let watchdog { environment["WATCHDOG_USEC"] = "\(Int(watchdog / .microseconds(1)))" }
        return ServiceRunner(
            logger: collector.logger(), readiness: Readiness(), notifier: ServiceNotifier(environment: environment),
            lastProblem: lastProblem)
    }

    /// Runs a program as long as `body` runs, and stops it then.
    private func running(_ runner: ServiceRunner, _ body: () async throws -> Void) async throws {
        let program = ServiceGroup(
            services: [Closure { try await runner.run([Waiting()], operations: nil) }], logger: collector.logger())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await program.run() }
            try await body()
            await program.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test func theWatchdogIsFedOnlyWhileAllIsWell() async throws {
        var runner = runner(watchdog: .milliseconds(200))
        // However busy the machine is, a look that is late is none that failed.
        runner.liveness = HealthChecks(limit: .seconds(240))
        let state = IllState()
        runner.liveness.add("consumer") { if state.look() { throw Ill() } }
        try await running(runner) {
            #expect(await socket.receive() == "READY=1")
            for _ in 0..<4 { #expect(await socket.receive() == "WATCHDOG=1") }
            state.isIll = true
            try await eventually("it is noticed") {
                collector.lines.contains { $0.contains("consumer: it stands still") && $0.contains("CRITICAL") }
            }
            // What was said before that has arrived, and then there is silence, for many looks.
            while await socket.receive(within: .zero) != nil {}
            let looks = state.looks
            try await eventually("it has looked again") { state.looks >= looks + 20 }
            #expect(await socket.receive(within: .zero) == nil)
            state.isIll = false
            #expect(await socket.receive() == "WATCHDOG=1")
        }
        #expect(collector.lines.filter { $0.contains("watchdog") }.count == 2)
    }

    @Test func nobodyWhoDoesNotAskIsFed() async throws {
        try await running(runner()) {
            #expect(await socket.receive() == "READY=1")
            #expect(await socket.receive(within: .milliseconds(500)) == nil)
        }
        #expect(await socket.receive() == "STOPPING=1")
    }

    @Test func theStatusTellsTheProgramsLineAndTheLastProblem() async throws {
        let problem = LastProblem()
        var runner = runner(lastProblem: problem)
        runner.status = { "3 wait; 2 in flight" }
        runner.statusPeriod = .milliseconds(10)
        try await running(runner) {
            #expect(await socket.receive() == "READY=1")
            #expect(await socket.receive() == "STATUS=3 wait; 2 in flight")
            var record = LogRecord(
                time: WallClockTime(seconds: 1_795_384_617, milliseconds: 3), level: .info, logger: "x",
                message: "Task received", metadata: [:])
            problem.note(record)
            record.level = .warning
            record.message = "Cannot connect"
            problem.note(record)
            let status = try #require(await socket.receive())
            #expect(status.hasPrefix("STATUS=3 wait; 2 in flight; last problem 2026-11-2"))
            #expect(status.hasSuffix(": Cannot connect"))
            // The same is not told again.
            #expect(await socket.receive(within: .milliseconds(300)) == nil)
        }
    }

    /// In a process of its own, for signals belong to processes.
    @Test func aHangUpReloadsAndSystemdIsToldOfIt() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            let socket = try NotifySocket("@sms-queue-\(UUID().uuidString)")
            let logger = Logger(label: "sms-worker") {
                LineLogHandler(label: $0, level: .info, format: .human, isJournal: false)
            }
            var runner = ServiceRunner(
                logger: logger, readiness: Readiness(),
                notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.address]), lastProblem: LastProblem())
            runner.reloaders = [
                Reloader("the first table") { throw Ill() }, Reloader("the second table") { say("reloaded") },
            ]
            try await withThrowingTaskGroup(of: Void.self) { [runner] group in
                group.addTask { try await runner.run([Waiting()], operations: nil) }
                for signal in [SIGHUP, SIGHUP, SIGTERM] {
                    while let text = await socket.receive() {
                        say(String(text.prefix { $0 != "\n" }))
                        if text == "READY=1" { break }
                    }
                    kill(getpid(), signal)
                }
                say(await socket.receive() ?? "nothing")
                try await group.waitForAll()
            }
            exit(0)
        }
        let said = String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "\n")
        let wanted = [
            "READY=1", "RELOADING=1", "reloaded", "READY=1", "RELOADING=1", "reloaded", "READY=1", "STOPPING=1",
        ]
        #expect(said.filter { wanted.contains(String($0)) }.sorted() == wanted.map { $0[...] }.sorted())
        #expect(said.filter { $0.hasSuffix("=1") } == wanted.filter { $0.hasSuffix("=1") }.map { $0[...] })
        let errors = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(errors.contains("ERROR/MainProcess] the first table stays as it was: it stands still"))
    }

    /// A terminal that is closed must still end a program that has nothing to reload.
    @Test func withoutReloadersAHangUpEndsTheProcess() async throws {
        await #expect(processExitsWith: .signal(SIGHUP)) {
            let logger = Logger(label: "sms-sandbox") { _ in SwiftLogNoOpLogHandler() }
            await runProgram(name: "sms-sandbox") {
                try await ServiceRunner(logger: logger, readiness: Readiness()).run(
                    [Waiting()], operations: nil, started: { kill(getpid(), SIGHUP) })
            }
        }
    }
}

private func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

/// Whether the part that a test watches is ill.
private final class IllState: Sendable {
    private let value = Atomic<Bool>(false)
    private let count = Atomic<Int>(0)

    /// How often somebody has looked.
    var looks: Int { count.load(ordering: .sequentiallyConsistent) }

    /// Whether it is ill, for who looks.
    func look() -> Bool {
        count.add(1, ordering: .sequentiallyConsistent)
        return isIll
    }

    var isIll: Bool {
        get { value.load(ordering: .sequentiallyConsistent) }
        set { value.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
