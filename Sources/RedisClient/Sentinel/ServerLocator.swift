internal import Logging

/// Finds the addresses to connect to: of the server itself, or of the master that the sentinels name.
struct ServerLocator: Sendable {
    let configuration: RedisConfiguration

    /// Addresses in the order in which they are tried.
    func addresses() async throws(RedisError) -> [ServerAddress] {
        switch configuration.url.endpoint {
        case .unix(let path): return [ServerAddress(location: .unix(path: path))]
        case .tcp(let server):
            return try await AddressResolver.resolve(server, within: configuration.connectTimeout)
        case .sentinel(let sentinels):
            let master = try await askSentinels(sentinels)
            return try await AddressResolver.resolve(master, within: configuration.connectTimeout).map {
                var address = $0
                address.master = master
                return address
            }
        }
    }

    /// Asks one sentinel after the other until one knows the master.
    private func askSentinels(_ sentinels: Sentinels) async throws(RedisError) -> HostAndPort {
        var reasons: [String] = []
        for address in sentinels.addresses {
            do throws(RedisError) {
                return try await Sentinel(address, of: sentinels, configuration).master()
            } catch {
                reasons.append("\(address): \(error)")
            }
        }
        let told = reasons.joined(separator: "; ")
        throw RedisError(.notConnected, "no sentinel knows where the master \(sentinels.master) is (\(told))")
    }
}
