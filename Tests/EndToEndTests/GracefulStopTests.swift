import Foundation
import TestSupport
import Testing

/// What SIGTERM means to those who are being served.
@Suite(.timeLimit(.minutes(5))) struct GracefulStopTests {
    @Test func aRequestInFlightAtSIGTERMIsAnsweredAndNoOtherIsTaken() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI()
        let idle = try RawConnection(port: system.apiPort)
        let busy = try RawConnection(port: system.apiPort)
        let head =
            "POST /v1/captchas HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        // One whole request and half of the next: once the first is answered, the second has begun.
        busy.send("\(head){}\(head){")
        _ = try await busy.receive { $0.contains("image/png") && $0.hasSuffix("}") }

        api.signal(SIGTERM)
        try await api.waitForLine(containing: "warm shutdown")
        #expect(try await idle.receiveToEnd().isEmpty)
        try await eventually("nobody else is let in") { (try? RawConnection(port: system.apiPort)) == nil }
        #expect(api.isRunning)
        busy.send("}")
        let answers = try await busy.receiveToEnd().components(separatedBy: "HTTP/1.1 201 ")
        #expect(answers.count == 3 && answers.last?.contains("image/png") == true)
        #expect(try await api.waitForExit() == .code(0))
    }
}
