import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Operations
import ServiceLifecycle
import TestSupport
import Testing

/// A service that tells on standard output what happens to it.
private struct Talker: Service {
    var name: String
    var whenRunning: @Sendable () async throws -> Void = {}
    var whenStopped: @Sendable () async throws -> Void = {}

    func run() async throws {
        say("\(name) runs")
        try await whenRunning()
        try? await gracefulShutdown()
        say(Task.isCancelled ? "\(name) is cancelled" : "\(name) stops")
        try await whenStopped()
    }
}

/// A service that is a closure.
private struct Program: Service {
    var body: @Sendable () async throws -> Void

    func run() async throws { try await body() }
}

private func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

private func signalMyself(_ number: Int32) {
    kill(getpid(), number)
}

private struct Broken: Error, CustomStringConvertible {
    let description = "it broke"
}

private func logger() -> Logger {
    Logger(label: "sms-worker") {
        LineLogHandler(label: $0, level: .info, format: .human, isJournal: false)
    }
}

/// Each test runs in a process of its own, for signals belong to processes.
@Suite(.timeLimit(.minutes(5))) struct ServiceRunnerTests {
    private func lines(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    @Test func theFirstSignalStopsTheServicesInReverse() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            await runProgram(name: "sms-worker") {
                try await ServiceRunner(logger: logger(), readiness: Readiness()).run(
                    [Talker(name: "first"), Talker(name: "second")], operations: nil,
                    started: { signalMyself(SIGTERM) })
            }
            say("end")
            exit(0)
        }
        let said = lines(result.standardOutputContent).filter { !$0.hasSuffix("runs") }
        #expect(said == ["second stops", "first stops", "end"])
    }

    @Test func interruptIsLikeTerminate() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            await runProgram(name: "sms-worker") {
                try await ServiceRunner(logger: logger(), readiness: Readiness()).run(
                    [Talker(name: "first")], operations: nil, started: { signalMyself(SIGINT) })
            }
            exit(0)
        }
        #expect(lines(result.standardOutputContent).contains("first stops"))
        #expect(lines(result.standardErrorContent).contains { $0.contains("INFO/MainProcess] SIGINT: warm shutdown") })
    }

    @Test(arguments: [SIGTERM, SIGINT]) func theSecondSignalCancels(second: Int32) async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
        ) { [second] in
            await runProgram(name: "sms-worker") {
                let busy = Talker(
                    name: "busy",
                    whenStopped: {
                        signalMyself(second)
                        do {
                            try await Task.sleep(for: .seconds(3_600))
                        } catch {
                            say("busy gives back")
                            throw error
                        }
                    })
                try await ServiceRunner(logger: logger(), readiness: Readiness()).run(
                    [Talker(name: "first"), busy], operations: nil, started: { signalMyself(SIGTERM) })
            }
            say("end")
            exit(0)
        }
        let said = lines(result.standardOutputContent).filter { !$0.hasSuffix("runs") }
        #expect(said.first == "busy stops")
        #expect(Set(said.dropFirst().dropLast()) == ["busy gives back", "first is cancelled"])
        #expect(said.last == "end")
        #expect(lines(result.standardErrorContent).contains { $0.contains("WARNING/MainProcess] SIG") })
    }

    @Test func theEndOfTheGracePeriodCancels() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            await runProgram(name: "sms-worker") {
                let busy = Talker(
                    name: "busy",
                    whenStopped: {
                        try? await Task.sleep(for: .seconds(3_600))
                        say("busy gives back")
                    })
                var runner = ServiceRunner(logger: logger(), readiness: Readiness())
                runner.gracePeriod = .milliseconds(50)
                try await runner.run([busy], operations: nil, started: { signalMyself(SIGTERM) })
            }
            say("end")
            exit(0)
        }
        #expect(lines(result.standardOutputContent).suffix(2) == ["busy gives back", "end"])
    }

    @Test func aServiceThatFailsStopsTheOthersWarmly() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(1), observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            await runProgram(name: "sms-worker") {
                try await ServiceRunner(logger: logger(), readiness: Readiness()).run(
                    [Talker(name: "first"), Talker(name: "second", whenRunning: { throw Broken() })], operations: nil)
            }
        }
        #expect(lines(result.standardOutputContent).contains("first stops"))
        #expect(lines(result.standardErrorContent).last == "sms-worker: it broke")
    }

    @Test func systemdIsToldAndReadinessEndsWhileServicesFinish() async throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket("\(folder.path)/notify")
        let readiness = Readiness()
        let server = OperationsServer(
            host: "127.0.0.1", port: 0, readiness: readiness, metrics: MetricsRegistry(), logger: logger())
        let runner = ServiceRunner(
            logger: logger(), readiness: readiness,
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.address]))
        let (finished, finish) = AsyncStream.makeStream(of: Void.self)
        let drained = Talker(name: "drained", whenStopped: { for await _ in finished { break } })
        let program = ServiceGroup(
            services: [Program { try await runner.run([drained], operations: server) }], logger: logger())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await program.run() }
            #expect(await socket.receive() == "READY=1")
            let readyz = HTTPClientRequest(url: "http://127.0.0.1:\(try await server.listeningPort.number)/readyz")
            #expect(try await HTTPClient.shared.execute(readyz, timeout: .seconds(10)).status == .ok)
            await program.triggerGracefulShutdown()
            #expect(await socket.receive() == "STOPPING=1")
            let answer = try await HTTPClient.shared.execute(readyz, timeout: .seconds(10))
            #expect(answer.status == .serviceUnavailable)
            #expect(String(buffer: try await answer.body.collect(upTo: 1_000)).contains("shutting down"))
            finish.finish()
            try await group.waitForAll()
        }
    }

    @Test func anEarlyEndOfAServiceStopsTheOthers() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            await runProgram(name: "sms-worker") {
                try await ServiceRunner(logger: logger(), readiness: Readiness()).run(
                    [Talker(name: "first"), Program {}], operations: nil)
            }
            say("end")
            exit(0)
        }
        #expect(lines(result.standardOutputContent).suffix(2) == ["first stops", "end"])
    }
}
