import Foundation
import TestSupport
import Testing

/// The program that the documentation shows.
@Suite(.timeLimit(.minutes(5))) struct DocumentedExampleTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(TestPython.packageFolder)/\(path)", encoding: .utf8)
    }

    @Test func itIsShownAsItIs() throws {
        let page = try text("Sources/TaskQueue/TaskQueue.docc/TaskQueue.md")
        #expect(page.contains(try text("Tests/GreetingExample/main.swift")))
    }

    @Test func itDoesWhatItSays() async throws {
        let redis = try await RedisServer.start()
        let program = try Program.start(Program.built("GreetingExample"), [redis.url(database: 3)])
        try await eventually("the task was done") {
            try await redis.cli("HGET", "{greetings}:stats", "succeeded", database: 3) == "1"
        }
        program.signal(SIGTERM)
        #expect(try await program.waitForExit() == .code(0))
        #expect(program.output == "Hello, Ada\nHello, Ada\n")
    }
}
