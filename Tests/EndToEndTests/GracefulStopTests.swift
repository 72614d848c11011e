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

    @Test func overHTTP2TooTheRequestInFlightIsAnswered() async throws {
        let system = try await RunningSystem()
        let certificates = try await TLSCertificates.make()
        let api = try await system.startAPI(environment: [
            "SMS_TLS_CERTIFICATE_FILE": certificates.server.certificate,
            "SMS_TLS_KEY_FILE": certificates.server.key,
        ])
        // curl uploads what is written into a pipe, as it comes.
        let pipe = "\(certificates.folder)/body"
        #expect(mkfifo(pipe, 0o600) == 0)
        let body = try #require(FileHandle(forUpdatingAtPath: pipe))
        let curl = try Program.start(
            tool("curl", package: "curl"),
            [
                "--verbose", "--no-buffer", "--http2", "--cacert", certificates.authority, "--request", "POST",
                "--header", "Content-Type: application/json", "--upload-file", pipe, "--write-out", "\n%{http_code}\n",
                "https://127.0.0.1:\(system.apiPort)/v1/captchas",
            ])
        try body.write(contentsOf: Data("{".utf8))
        try await curl.waitForLine(containing: "> POST /v1/captchas HTTP/2")

        api.signal(SIGTERM)
        try await api.waitForLine(containing: "warm shutdown")
        try await eventually("nobody else is let in") { (try? RawConnection(port: system.apiPort)) == nil }
        try body.write(contentsOf: Data("}".utf8))
        try body.close()
        #expect(try await curl.waitForExit() == .code(0))
        #expect(curl.output.contains("image/png"))
        #expect(curl.output.contains("201"))
        #expect(try await api.waitForExit() == .code(0))
    }
}
