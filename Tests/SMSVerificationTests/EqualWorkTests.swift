import Logging
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// Whether a number is fresh, blocked, or was just sent to by others, must not be seen from how long the answer takes: what
/// is asked of store and broker is the same. Counted are the commands, since times on a busy machine tell nothing.
@Suite(.timeLimit(.minutes(5))) struct EqualWorkTests {
    private static let fresh = "13600136000"
    private static let sentTo = "13800138000"
    private static let blocked = "13700137000"

    /// What one request asks of both servers.
    private struct Work: Hashable {
        var store: [String]
        var broker: [String]
    }

    private func work(
        _ system: VerificationSystem, onOneServer: Bool, _ request: () async throws -> Void
    ) async throws -> Work {
        var (store, broker): ([String], [String]) = ([], [])
        store = try await system.storeServer.commands {
            if onOneServer { return try await request() }
            broker = try await system.brokerServer.commands(during: request)
        }
        // One round trip that pushes, or would.
        if broker == ["LPUSH", "HINCRBY"] || broker == ["HINCRBY"] { broker = ["one round trip"] }
        return Work(store: store, broker: broker)
    }

    @Test(arguments: [true, false]) func aRequestOfV1AsksTheSameForEveryNumber(onOneServer: Bool) async throws {
        try await VerificationSystem.run(onOneServer: onOneServer) { system in
            var stranger = system
            stranger.client = .random()
            _ = try await stranger.start(Self.sentTo)
            try await system.storeServer.cli("SET", "sms:blocked:\(Self.blocked)", "1", database: 2)
            var sends: Set<Work> = []
            var repetitions: Set<Work> = []
            for number in [Self.fresh, Self.sentTo, Self.blocked] {
                let picture = try await system.picture()
                let send = {
                    let outcome = try await system.send(number, picture.id, picture.text, name: number)
                    #expect(outcome.isStarted, "\(number)")
                }
                sends.insert(try await work(system, onOneServer: onOneServer, send))
                repetitions.insert(try await work(system, onOneServer: onOneServer, send))
            }
            #expect(sends == [Work(store: ["EVALSHA"], broker: onOneServer ? [] : ["one round trip"])])
            #expect(repetitions.count == 1)
            #expect(try await system.jobs() == 2, "to one of the three nothing was sent, to another before")
        }
    }

    @Test(arguments: [true, false]) func aCheckAsksTheSameForEveryVerification(onOneServer: Bool) async throws {
        try await VerificationSystem.run(onOneServer: onOneServer) { system in
            try await system.storeServer.cli("SET", "sms:blocked:\(Self.blocked)", "1", database: 2)
            let fresh = try await system.start(Self.fresh)
            let code = try #require(try await system.lastJob()?.code)
            let silent = try await system.start(Self.blocked)
            // At first the server is told the script.
            _ = try await system.check(.random(), Self.fresh, code)
            let wrong = code == "000000" ? "000001" : "000000"
            var checks: Set<Work> = []
            for (id, number) in [(fresh.id, Self.fresh), (silent.id, Self.blocked), (.random(), Self.fresh)] {
                checks.insert(
                    try await work(system, onOneServer: onOneServer) {
                        _ = try await system.check(id, number, wrong)
                    })
            }
            #expect(checks == [Work(store: ["EVALSHA"], broker: [])])
        }
    }

    @Test(arguments: [true, false]) func theTutorialsRequestAsksTheSameForEveryNumber(onOneServer: Bool) async throws {
        try await VerificationSystem.run(onOneServer: onOneServer) { system in
            let service = VerificationService(
                store: system.store, producer: TaskProducer(client: system.broker), limiter: system.limiter,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            let id = "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c"
            func request(_ number: String) async throws {
                let outcome = try await service.requestCode(
                    for: try #require(MobileNumber(mainland: number)), captchaAnswer: "abcd", captchaID: id,
                    address: nil)
                #expect(outcome == .sent, "\(number)")
            }
            try await system.storeServer.cli("SET", "sms:blocked:\(Self.blocked)", "1", database: 2)
            var works: Set<Work> = []
            for number in [Self.sentTo, Self.fresh, Self.blocked] {
                try await system.storeServer.cli("SET", "img_\(id)", "ABCD", database: 2)
                let work = try await work(system, onOneServer: onOneServer) { try await request(number) }
                // With the first the server is told the script.
                if number != Self.sentTo { works.insert(work) }
            }
            #expect(works == [Work(store: ["EVALSHA"], broker: onOneServer ? [] : ["one round trip"])])
            #expect(try await system.jobs() == 2)
        }
    }
}
