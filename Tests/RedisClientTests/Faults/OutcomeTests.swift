import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// Errors say honestly whether the command may have been executed.
    @Suite struct OutcomeTests {
        enum Fault: CaseIterable {
            case crash, restart, stop, killedConnections, lostReplies, silence, outage
        }

        @Test(arguments: Fault.allCases, [RedisConfiguration.WhileDisconnected.wait, .fail])
        func theyAreTheServersTruth(
            _ fault: Fault, _ whileDisconnected: RedisConfiguration.WhileDisconnected
        ) async throws {
            let server = try await RedisServer.start(appendOnly: true)
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) {
                $0.commandTimeout = .seconds(1)
                $0.whileDisconnected = whileDisconnected
            }
            try await client.whileRunning {
                try await client.ping()
                let ledger = try await OutcomeLedger.keep(through: client) { ledger in
                    let before = ledger.failed
                    try await inject(fault, ledger, server, proxy)
                    #expect(ledger.failed > before)
                }
                try await ledger.check(server)
            }
        }

        private func inject(
            _ fault: Fault, _ ledger: OutcomeLedger, _ server: RedisServer, _ proxy: FaultProxy
        ) async throws {
            switch fault {
            case .crash:
                server.kill()
                try await server.restart()
            case .restart: try await server.restart()
            case .stop:
                server.pause()
                try await noticed(ledger)
                server.resume()
            case .killedConnections:
                let before = ledger.failed
                var kills = 0
                // On a busy machine a kill may find all commands answered; some kill finds one in flight.
                while kills < 5 || ledger.failed == before, kills < 1000 {
                    try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                    try await ledger.goOn()
                    kills += 1
                }
            case .lostReplies:
                for _ in 0..<5 {
                    proxy.cutBeforeNextReply()
                    try await ledger.goOn()
                }
            case .silence:
                proxy.behaviour = .blackHole
                try await noticed(ledger)
                proxy.behaviour = .forward
            case .outage:
                proxy.refusesConnections = true
                proxy.dropConnections()
                try await noticed(ledger)
                proxy.refusesConnections = false
            }
        }

        private func noticed(_ ledger: OutcomeLedger) async throws {
            let failed = ledger.failed
            try await eventually("callers are told") { ledger.failed > failed }
        }
    }
}
