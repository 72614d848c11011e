import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// The real console in a process of its own, and somebody who visits it without a script: with a cookie, links and forms.
final class ConsoleVisit {
    struct Answer {
        let status: UInt
        let headers: HTTPHeaders
        let text: String

        var location: String { header("location") ?? "" }

        func header(_ name: String) -> String? { headers.first(name: name) }

        /// The value of the first field of that name.
        func value(_ name: String) -> String? {
            guard let start = text.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(text[start.upperBound...].prefix { $0 != "\"" })
        }

        /// The same, only from those words on.
        func from(_ words: String) -> Answer {
            let start = text.firstRange(of: words)?.lowerBound ?? text.endIndex
            return Answer(status: status, headers: headers, text: String(text[start...]))
        }

        func has(_ texts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
            for wanted in texts where !text.contains(wanted) {
                Issue.record("there is no \(wanted) in \(text)", sourceLocation: sourceLocation)
            }
        }
    }

    static let token = String(repeating: "0123456789abcdef", count: 2)

    let program: Program
    let port: Int
    var cookie: String?

    private init(program: Program, port: Int) {
        self.program = program
        self.port = port
    }

    /// Starts the console, which ends with the last reference to what this returns.
    static func start(
        _ system: ToolSystem, _ arguments: [String] = [], environment: [String: String] = [:]
    ) async throws -> ConsoleVisit {
        let port = try freePort()
        let program = try Program.start(
            Program.built("sms-queue"), ["web", "--port", "\(port)"] + arguments,
            environment: ["SMS_BROKER_URL": system.redis.url(database: 3)].merging(environment) { $1 })
        try await program.waitForLine(containing: "console on http://")
        return ConsoleVisit(program: program, port: port)
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await ask(.GET, path, headers, body: nil)
    }

    /// Sends a form as a browser does from a page of the console.
    func post(
        _ path: String, _ fields: [(String, String)], _ headers: [String: String] = ["Sec-Fetch-Site": "same-origin"]
    ) async throws -> Answer {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        let type = ["Content-Type": "application/x-www-form-urlencoded"]
        return try await ask(.POST, path, type.merging(headers) { $1 }, body: body)
    }

    /// Sends the form with that action that a page has, unchanged.
    func send(_ action: String, of page: Answer, and more: [(String, String)] = []) async throws -> Answer {
        let start = try #require(page.text.firstRange(of: "action=\"\(action)\""), "no form \(action)")
        let rest = page.text[start.upperBound...]
        let form = rest[..<(try #require(rest.firstRange(of: "</form>"))).lowerBound]
        var fields: [(String, String)] = []
        for part in form.split(separator: "<input type=\"hidden\" name=\"").dropFirst() {
            let name = part.prefix { $0 != "\"" }
            guard let value = part.firstRange(of: "value=\"") else { continue }
            fields.append((String(name), Self.plain(part[value.upperBound...].prefix { $0 != "\"" })))
        }
        return try await post(action, fields + more)
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, _ headers: [String: String], body: String?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: Self.configuration)
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            let bytes = try await response.body.collect(upTo: 4 << 20)
            if let set = response.headers.first(name: "set-cookie") { cookie = String(set.prefix { $0 != ";" }) }
            try await client.shutdown()
            return Answer(status: response.status.code, headers: response.headers, text: String(buffer: bytes))
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return configuration
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func plain(_ text: some StringProtocol) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
