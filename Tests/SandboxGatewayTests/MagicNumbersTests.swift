import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import SandboxGateway

@Suite("Numbers that choose their outcome", .timeLimit(.minutes(5)))
struct MagicNumbersTests {
    private static var configuration: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.magicNumbers = true
        return configuration
    }

    @Test("bring about each of the vendor's refusals", arguments: VendorCalls.all)
    func refusals(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            for (ending, code) in zip(50..., vendor.codes) {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.codeFrame.before + code + vendor.codeFrame.after), "\(ending)")
                #expect(answer.headers["Retry-After"] == (ending == 55 ? ["2"] : []))
            }
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("fail twice and then get their message", arguments: VendorCalls.all)
    func failsTwice(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            var accepted: [Bool] = []
            for _ in 1...3 {
                let answer = try await vendor.send(sandbox, 13_800_138_056)
                accepted.append(answer.text.contains(vendor.accepted))
            }
            #expect(accepted == [false, false, true])
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("leave the caller without an answer, with the message or without it", arguments: VendorCalls.all)
    func silence(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            let callers = [57, 58].map { ending in
                Task { try await vendor.send(sandbox, 13_800_138_000 + ending).status }
            }
            try await eventually("both calls are counted") {
                try await sandbox.request(.GET, "/stats").json()["received"] as? Int == 2
            }
            #expect(try await sandbox.request(.GET, "/stats").json()["accepted"] as? Int == 1)
            let mobiles = sandbox.server.inbox.messages().map { String($0.mobile.suffix(11)) }
            #expect(mobiles == ["13800138057"])
            for caller in callers {
                caller.cancel()
                await #expect(throws: (any Error).self) { try await caller.value }
            }
        }
    }

    @Test("get an answer that cannot be understood", arguments: VendorCalls.all)
    func unreadable(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            let answer = try await vendor.send(sandbox, 13_800_138_059)
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("<html>"))
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("are numbers like others unless the sandbox is told so", arguments: VendorCalls.all)
    func off(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with { sandbox in
            for ending in 49...64 {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.accepted))
            }
            #expect(sandbox.server.inbox.messages().count == 16)
        }
    }

    @Test("are those from 50 to 63, and no others", arguments: VendorCalls.all)
    func range(_ vendor: VendorCalls) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            for ending in Array(0...49) + Array(60...99) {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.accepted))
            }
        }
    }
}
