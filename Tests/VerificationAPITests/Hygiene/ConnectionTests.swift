import Foundation
import NIOHTTP1
import Operations
import TestSupport
import Testing

@testable import VerificationAPI

/// One connection and many requests, or none.
@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    @Test func `Pipelined requests are answered in order on the one connection`() async throws {
        try await withService { api in
            let connection = try api.connect()
            // A slow one first: the picture goes through Redis.
            let paths = ["/v1/captchas", "/v1/proof-of-work", "/nothing", "/v1/captchas", "/v1/verifications/check"]
            connection.send(paths.dropLast().map { rawPost($0) }.joined())
            connection.send(rawPost(paths[4], head: "Connection: close\r\n"))
            let answers = try await connection.receiveToEnd().components(separatedBy: "HTTP/1.1 ").dropFirst()
            #expect(answers.map { $0.prefix(3) } == ["201", "201", "404", "201", "400"])
            #expect(answers.map { $0.contains("image/png") } == [true, false, false, true, false])
        }
    }

    @Test func `A connection is kept for the next request, refused ones included`() async throws {
        try await withService { api in
            let connection = try api.connect()
            for (index, path) in ["/nothing", "/v1/captchas", "/v1/verifications", "/v1/proof-of-work"].enumerated() {
                connection.send(rawPost(path))
                let text = try await connection.receive { $0.components(separatedBy: "HTTP/1.1 ").count == index + 2 }
                #expect(!connection.isAtEnd, "\(text)")
            }
        }
    }

    @Test func `HTTP 1.0 is answered`() async throws {
        try await withService { api in
            let connection = try api.connect()
            connection.send("GET /nothing HTTP/1.0\r\n\r\n")
            #expect(try await connection.receive { $0.hasSuffix("}") }.contains(" 404 "))
        }
    }

    @Test(arguments: ["", "POST /v1/captchas HTTP/1.1\r\nHo", rawPost("/v1/captchas").dropLast(1).description])
    func `A client that does not finish its request is cut off`(beginning: String) async throws {
        try await withService(\.limits.transfer, .milliseconds(300)) { api in
            let connection = try api.connect()
            connection.send(beginning)
            #expect(try await connection.receiveToEnd().isEmpty)
        }
    }

    @Test(arguments: [
        "POST /v1/captchas HTTP/1.1\r\nX-Slow: ", rawPost("/nothing", String(repeating: "a", count: 9999)),
    ])
    func `A client that sends a byte now and then is cut off all the same`(request: String) async throws {
        let beginning = request.hasSuffix("a") ? String(request.dropLast(9000)) : request
        try await withService(\.limits.transfer, .milliseconds(500)) { api in
            let connection = try api.connect()
            connection.send(beginning)
            try await eventually("the connection is closed") {
                connection.send("a")
                _ = try await connection.receive { _ in true }
                return connection.isAtEnd
            }
        }
    }

    /// Asks on that connection, and waits until so many answers have come.
    private func ask(_ connection: RawConnection, until count: Int) async throws {
        connection.send(rawPost("/nothing"))
        _ = try await connection.receive { $0.ranges(of: "HTTP/1.1 404").count == count }
    }

    @Test func `So many connections are open at once, and no more`() async throws {
        try await withService(\.mostConnections, 3) { api in
            let first = try api.connect()
            try await ask(first, until: 1)
            var others: [RawConnection] = []
            for _ in 1..<3 {
                let connection = try api.connect()
                try await ask(connection, until: 1)
                others.append(connection)
            }
            let late = try api.connect()
            late.send(rawPost("/nothing"))
            for count in 2..<50 { try await ask(first, until: count) }
            #expect(try await late.receive { _ in true }.isEmpty)
            others.removeLast()
            _ = try await late.receive { $0.contains("HTTP/1.1 404") }
        }
    }

    @Test func `An idle connection is closed`() async throws {
        try await withService(\.limits.idle, .milliseconds(300)) { api in
            let connection = try api.connect()
            connection.send(rawPost("/nothing"))
            #expect(try await connection.receiveToEnd().contains(" 404 "))
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/captchas HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "GET / HTTP/1.1\r\nHost: a\r\n Folded: b\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
    ])
    func `What two servers could read in two ways is refused and ends the connection`(request: String) async throws {
        try await withService { api in
            let connection = try api.connect()
            connection.send(request)
            let answer = try await connection.receiveToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        }
    }
}
