import Foundation
import Logging
import Operations
import ServiceLifecycle
import Testing

private func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

/// Each test runs in a process of its own, for signals belong to processes.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    @Test func eachSignalCarriesOutAllInTheirOrderAndTheProgramGoesOn() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            await runProgram(name: "sms-worker") {
                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                let (turns, turn) = AsyncStream.makeStream(of: Void.self)
                let reload = await Reload(
                    [
                        Reloader("codes") {
                            say("codes")
                            throw CancellationError()
                        },
                        Reloader("templates") { say("templates") }, Reloader("turn") { turn.yield() },
                    ], logger: logger)
                // Before the service runs, the signal waits for it.
                kill(getpid(), SIGHUP)
                try await ServiceRunner(logger: logger, readiness: Readiness()).run([reload], operations: nil) {
                    var turns = turns.makeAsyncIterator()
                    await turns.next()
                    kill(getpid(), SIGHUP)
                    await turns.next()
                    kill(getpid(), SIGTERM)
                }
            }
            say("end")
            exit(0)
        }
        let said = String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "\n")
        #expect(said.suffix(5) == ["codes", "templates", "codes", "templates", "end"])
    }
}
