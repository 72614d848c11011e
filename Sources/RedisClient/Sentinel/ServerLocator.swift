internal import Logging

/// Finds the addresses to connect to: of the server itself, or of the master that the sentinels name.
struct ServerLocator: Sendable {
    let configuration: RedisConfiguration

    /// Addresses in the order in which they are tried.
    ///
    /// - Parameter attempt: Counts the attempts to connect. Each asks another sentinel first: one that is cut off from the
    ///   others would name the same dead master for ever.
    func addresses(attempt: Int) async throws(RedisError) -> [ServerAddress] {
        switch configuration.url.endpoint {
        case .unix(let path): return [ServerAddress(location: .unix(path: path))]
        case .tcp(let server):
            return try await AddressResolver.resolve(server, within: configuration.connectTimeout)
        case .sentinel(let sentinels):
            let master = try await askSentinels(sentinels, startingWith: attempt)
            return try await AddressResolver.resolve(master, within: configuration.connectTimeout).map {
                var address = $0
                address.master = master
                return address
            }
        }
    }

    /// Asks one sentinel after the other until one knows the master.
    private func askSentinels(
        _ sentinels: Sentinels, startingWith first: Int
    ) async throws(RedisError) -> HostAndPort {
        var reasons: [String] = []
        for number in sentinels.addresses.indices {
            let address = sentinels.addresses[(first + number) % sentinels.addresses.count]
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
