import NIOHTTP1
import Operations
import TestSupport
import Testing

@testable import VerificationAPI

/// How much a request may be.
@Suite(.timeLimit(.minutes(5))) struct RequestLimitTests {
    @Test func `A path and query beyond two kilobytes are 414, and beyond a head's limit 400`() async throws {
        try await withService { api in
            let fits = try await api.get("/?" + String(repeating: "a", count: 2000))
            #expect(fits.status == 200)
            let long = try await api.get("/v1/captchas?" + String(repeating: "a", count: 2048))
            #expect(long.status == 414)
            #expect(long.headers["Content-Type"] == ["application/problem+json"])
            let connection = try api.connect()
            connection.send("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await connection.receiveToEnd().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `A head beyond 16 kilobytes is 400 and ends the connection`() async throws {
        try await withService { api in
            let connection = try api.connect()
            let fields = (0..<40).map { "X-\($0): \(String(repeating: "a", count: 500))\r\n" }.joined()
            connection.send("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(try await connection.receiveToEnd().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `A body beyond 16 kilobytes is 413, with a length or in chunks`() async throws {
        try await withService { api in
            let body = #"{"client_token":""# + String(repeating: "a", count: 16 * 1024) + #""}"#
            let counted = try await api.post("/v1/captchas", body)
            #expect(counted.status == 413)
            let connection = try api.connect()
            connection.send(
                "POST /v1/captchas HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
            #expect(try await connection.receive { $0.contains("\r\n\r\n{") }.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `A refused body without an end is not read for ever`() async throws {
        try await withService(\.limits.bodyBytes, 100_000) { api in
            let connection = try api.connect()
            connection.send(
                "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "1000\r\n\(String(repeating: "a", count: 4096))\r\n"
            try await eventually("the connection is closed") {
                connection.send(chunk)
                _ = try await connection.receive { _ in true }
                return connection.isAtEnd
            }
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 8000), String(repeating: #"{"a":"#, count: 3000),
        #"{"client_token":"# + String(repeating: "[", count: 8000) + String(repeating: "]", count: 8000) + "}",
        "\u{0}", "{", "[]", "1", #""""#, "null", #"{"client_token":1}"#, #"{"client_token":"\ud800"}"#,
    ])
    func `JSON of any depth and form is answered, and never with 500`(body: String) async throws {
        try await withService { api in
            let answer = try await api.post("/v1/proof-of-work", body)
            #expect(answer.status == 400, "\(body.prefix(40))")
            #expect(answer.text.contains("urn:sms-queue:problem:invalid-request"))
            let next = try await api.post("/v1/proof-of-work")
            #expect(next.status == 201)
        }
    }
}
