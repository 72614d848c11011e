import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct TLSTests {
        @Test(arguments: ["localhost", "127.0.0.1"])
        func connectsToAServerThatProvesWhoItIs(_ host: String) async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(password: "secret", tls: RedisServerTLS(certificates))
            let client = try RedisClient.quiet(server.tlsURL(host: host, authority: certificates.authority))
            try await client.whileRunning { try await client.ping() }
        }

        @Test func theServerKillsConnectionsUnderLoad() async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates))
            let client = try RedisClient.quiet(server.tlsURL(authority: certificates.authority))
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    for _ in 0..<10 {
                        try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                        try await traffic.flowOn()
                    }
                    #expect(traffic.failed > 0)
                }
            }
        }

        enum BadIdentity: CaseIterable {
            case wrongAuthority, expired, otherHost

            func of(_ certificates: TLSCertificates) -> TLSCertificates.Identity {
                switch self {
                case .wrongAuthority: certificates.strangersServer
                case .expired: certificates.expiredServer
                case .otherHost: certificates.otherHost
                }
            }
        }

        @Test(arguments: BadIdentity.allCases)
        func aServerThatDoesNotProveWhoItIsIsRefusedUntilItDoes(_ bad: BadIdentity) async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(
                password: "secret", tls: RedisServerTLS(certificates, identity: bad.of(certificates)))
            let client = try RedisClient.quiet(server.tlsURL(authority: certificates.authority)) {
                $0.whileDisconnected = .fail
            }
            try await client.whileRunning {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .notConnected)
                #expect(error?.mayHaveBeenExecuted == false)
                #expect(error?.message.lowercased().contains("certificate") == true, "\(error?.message ?? "")")
                #expect(error?.message.contains("secret") == false)
                try await server.show(certificates.server)
                try await eventually("the client answers") { await client.answers }
            }
        }

        @Test func aCertificateThatExpiresUnderLoadAndIsRenewed() async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates))
            let client = try RedisClient.quiet(server.tlsURL(authority: certificates.authority)) {
                $0.whileDisconnected = .fail
            }
            try await client.whileRunning {
                try await client.ping()
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await server.show(certificates.expiredServer)
                    try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                    try await eventually("callers are told") { traffic.failed > 0 }
                    try await server.show(certificates.server)
                    try await traffic.flowOn()
                }
            }
        }

        @Test func checksAreLeftOutOnRequestOnly() async throws {
            let certificates = try await TLSCertificates.make()
            let otherHost = try await RedisServer.start(
                tls: RedisServerTLS(certificates, identity: certificates.otherHost))
            let stranger = try await RedisServer.start(
                tls: RedisServerTLS(certificates, identity: certificates.strangersServer))
            let urls = [
                try otherHost.tlsURL(authority: certificates.authority, more: ["ssl_check_hostname=false"]),
                try stranger.tlsURL(more: ["ssl_cert_reqs=none"]),
            ]
            for url in urls {
                let client = try RedisClient.quiet(url)
                try await client.whileRunning { try await client.ping() }
            }
            // The name alone is not checked there: the signature is.
            let client = try RedisClient.quiet(
                stranger.tlsURL(authority: certificates.authority, more: ["ssl_check_hostname=false"])
            ) { $0.whileDisconnected = .fail }
            await client.whileRunning {
                _ = await #expect(throws: RedisError.self) { try await client.ping() }
            }
        }

        @Test func aServerThatAsksWhoTheClientIs() async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates, asksClients: true))
            let known = try RedisClient.quiet(
                server.tlsURL(authority: certificates.authority, client: certificates.client))
            try await known.whileRunning { try await known.ping() }
            let stranger = try RedisClient.quiet(server.tlsURL(authority: certificates.authority)) {
                $0.whileDisconnected = .fail
            }
            try await stranger.whileRunning {
                let error = await #expect(throws: RedisError.self) { try await stranger.ping() }
                #expect(error?.code == .notConnected)
                try await server.cli("CONFIG", "SET", "tls-auth-clients", "no")
                try await eventually("the client answers") { await stranger.answers }
            }
        }

        @Test func oneSideSpeaksTLSAndTheOtherDoesNot() async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates))
            let urls = [
                try server.tlsURL(port: server.port, authority: certificates.authority),
                RedisURL.local(try server.tlsPort),
            ]
            for url in urls {
                let client = try RedisClient.quiet(url) {
                    $0.connectTimeout = .milliseconds(500)
                    $0.whileDisconnected = .fail
                }
                await client.whileRunning {
                    let error = await #expect(throws: RedisError.self) { try await client.ping() }
                    #expect(error?.code == .notConnected)
                }
            }
        }

        @Test(arguments: [false, true])
        func recordsThatArriveOneByteAtATime(bothWays: Bool) async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates))
            let proxy = try FaultProxy(to: server.tlsPort)
            proxy.behaviour = .trickle(bothWays: bothWays)
            let client = try RedisClient.quiet(
                server.tlsURL(port: proxy.port, authority: certificates.authority)
            ) {
                $0.connectTimeout = .seconds(30)
                $0.commandTimeout = .seconds(60)
            }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await traffic.flowOn(2000)
                    #expect(traffic.failed == 0)
                    proxy.behaviour = .forward
                }
            }
        }

        @Test func theConnectionBreaksBetweenACommandAndItsReply() async throws {
            let certificates = try await TLSCertificates.make()
            let server = try await RedisServer.start(tls: RedisServerTLS(certificates))
            let proxy = try FaultProxy(to: server.tlsPort)
            let client = try RedisClient.quiet(
                server.tlsURL(port: proxy.port, authority: certificates.authority))
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    for _ in 0..<10 {
                        proxy.cutBeforeNextReply()
                        try await eventually("the connection is cut") { !proxy.isCutPending }
                        try await traffic.flowOn()
                    }
                    #expect(traffic.failed > 0)
                }
            }
        }
    }
}
