internal import Logging

/// One sentinel, asked over a connection of its own.
///
/// Source: <https://redis.io/docs/latest/develop/reference/sentinel-clients/>
struct Sentinel: Sendable {
    private let masterName: String
    private let configuration: RedisConfiguration

    /// - Parameters:
    ///   - address: Where it listens.
    ///   - sentinels: The group that it belongs to.
    ///   - client: The configuration of the client that wants to know: TLS and time-outs are the same here.
    init(_ address: HostAndPort, of sentinels: Sentinels, _ client: RedisConfiguration) {
        masterName = sentinels.master
        var url = client.url
        url.endpoint = .tcp(address)
        url.user = sentinels.user
        url.password = sentinels.password
        url.database = 0
        var configuration = client
        configuration.url = url
        configuration.protocolVersion = .resp2
        configuration.whileDisconnected = .fail
        configuration.commandTimeout = min(client.commandTimeout, client.connectTimeout)
        self.configuration = configuration
    }

    /// Where the master is, as this sentinel knows it.
    func master() async throws(RedisError) -> HostAndPort {
        let connection = RedisConnection(configuration, logger: .silent)
        return try await connection.whileRunning { () async throws(RedisError) -> HostAndPort in
            let reply: RESPValue
            do throws(RedisError) {
                reply = try await connection.send(RedisCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName))
            } catch  where error.serverError == .generic {
                throw RedisError(.notConnected, "it is no sentinel; those listen on port 26379 by default")
            }
            guard let address = try Self.address(reply.array) else {
                throw RedisError(.notConnected, "it watches no master of the name \(masterName); see master_name")
            }
            return address
        }
    }

    /// Tells the master's address now, and whenever it changes, until the connection to this sentinel is lost.
    ///
    /// - Returns: False when the sentinel was never heard.
    func watchMaster(_ tell: @Sendable (HostAndPort) -> Void) async -> Bool {
        let subscription = RedisSubscription(
            configuration, channels: ["+switch-master"], patterns: [], logger: .silent)
        async let _ = subscription.runOnce()
        var wasHeard = false
        for await event in subscription.events {
            switch event {
            case .subscribed:
                // What was published before now was missed, so it is asked for.
                guard let master = try? await master() else { return wasHeard }
                wasHeard = true
                tell(master)
            case .message(let message):
                // The words are: name, old address, old port, new address, new port.
                let words = message.text.split(separator: " ")
                if words.count == 5, words[0] == masterName, let port = Int(words[4]) {
                    tell(HostAndPort(host: String(words[3]), port: port))
                }
            }
        }
        return wasHeard
    }

    private static func address(_ reply: [RESPValue]) throws(RedisError) -> HostAndPort? {
        guard reply.count == 2 else { return nil }
        return HostAndPort(host: try reply[0].text, port: try reply[1].integer)
    }
}

extension Logger {
    /// For connections whose troubles are told by somebody else.
    static let silent = Logger(label: "redis", factory: { _ in SwiftLogNoOpLogHandler() })
}
