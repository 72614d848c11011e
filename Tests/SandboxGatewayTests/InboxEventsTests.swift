import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import SandboxGateway

/// Reads server-sent events one by one.
struct EventReader {
    struct Event: Equatable {
        var name = ""
        var id = ""
        var data = ""
    }

    private var body: HTTPClientResponse.Body.AsyncIterator
    private var text = ""

    init(_ sandbox: RunningSandbox, after id: String? = nil) async throws {
        var request = HTTPClientRequest(url: sandbox.baseURL + "/events")
        if let id { request.headers.add(name: "Last-Event-ID", value: id) }
        let response = try await sandbox.client.execute(request, timeout: .seconds(30))
        #expect(response.headers["Content-Type"] == ["text/event-stream; charset=utf-8"])
        #expect(response.headers["Cache-Control"] == ["no-store"])
        body = response.body.makeAsyncIterator()
    }

    /// The next event, or nil when the stream has ended.
    @concurrent
    mutating func next() async throws -> Event? {
        while true {
            while let end = text.range(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                if let event = Self.event(block) { return event }
            }
            guard let chunk = try await body.next() else { return nil }
            text += String(buffer: chunk)
        }
    }

    private static func event(_ block: Substring) -> Event? {
        var event = Event()
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            switch parts[0] {
            case "event": event.name = String(parts[1])
            case "id": event.id = String(parts[1])
            case "data": event.data = String(parts[1])
            default: break
            }
        }
        return event.name.isEmpty ? nil : event
    }
}

@Suite("The inbox's event stream", .timeLimit(.minutes(5)))
struct InboxEventsTests {
    /// No message arrives while a test runs.
    private static var configuration: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.reportDelay = .seconds(3600)
        return configuration
    }

    private static func send(_ mobile: Int, to sandbox: RunningSandbox) async throws {
        var call = TemplateCall()
        call.to = "\"\(mobile)\""
        #expect(try await sandbox.send(call) == "000000")
    }

    @Test("brings what is there, then each message as it comes")
    func live() async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            try await Self.send(13_800_138_000, to: sandbox)
            var events = try await EventReader(sandbox)
            #expect(try await events.next()?.name == "reset")
            let first = try #require(try await events.next())
            #expect(first.name == "message")
            #expect(first.data.contains(#""mobile":"13800138000""#))
            try await Self.send(13_900_139_000, to: sandbox)
            let second = try #require(try await events.next())
            #expect(second.data.contains(#""mobile":"13900139000""#))
            #expect(second.data.contains("【云通讯】您的验证码是012345，请于5分钟内正确输入。"))
        }
    }

    @Test("goes on where a reader was cut off")
    func resumption() async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            try await Self.send(13_800_138_000, to: sandbox)
            var events = try await EventReader(sandbox)
            _ = try await events.next()
            let seen = try #require(try await events.next()).id
            try await Self.send(13_900_139_000, to: sandbox)
            var resumed = try await EventReader(sandbox, after: seen)
            let event = try #require(try await resumed.next())
            #expect(event.name == "message")
            #expect(event.data.contains("13900139000"))
        }
    }

    @Test("begins anew for a reader of another run")
    func anotherRun() async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            try await Self.send(13_800_138_000, to: sandbox)
            var events = try await EventReader(sandbox, after: "otherrun-7")
            #expect(try await events.next()?.name == "reset")
            #expect(try await events.next()?.name == "message")
        }
    }

    @Test("tells what became of a message")
    func changes() async throws {
        var configuration = SandboxConfiguration()
        configuration.reportDelay = .milliseconds(40)
        try await RunningSandbox.with(configuration) { sandbox in
            var events = try await EventReader(sandbox)
            #expect(try await events.next()?.name == "reset")
            try await Self.send(13_800_138_000, to: sandbox)
            while let event = try await events.next(), !event.data.contains(#""state":"delivered""#) {
                #expect(event.data.contains(#""id":1"#))
            }
        }
    }

    @Test("tells that the inbox was emptied")
    func reset() async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            try await Self.send(13_800_138_000, to: sandbox)
            var events = try await EventReader(sandbox)
            _ = try await events.next()
            _ = try await events.next()
            #expect(try await sandbox.request(.POST, "/reset").status == 204)
            #expect(try await events.next()?.name == "reset")
            try await Self.send(13_800_138_000, to: sandbox)
            #expect(try await events.next()?.data.contains(#""id":2"#) == true)
        }
    }

    @Test("ends when the sandbox shuts down")
    func shutdown() async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            var events = try await EventReader(sandbox)
            #expect(try await events.next()?.name == "reset")
            await sandbox.shutDown()
            #expect(try await events.next() == nil)
        }
    }
}
