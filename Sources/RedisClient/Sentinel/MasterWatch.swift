/// Learns of failovers from the sentinels, for as long as one of them can be reached.
struct MasterWatch: Sendable {
    let sentinels: Sentinels
    let configuration: RedisConfiguration

    /// Tells the master's address, again and again, until the task is cancelled.
    func run(_ tell: @escaping @Sendable (HostAndPort) -> Void) async {
        var backoff = ReconnectBackoff()
        var generator = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            for address in sentinels.addresses where !Task.isCancelled {
                let wasHeard = await Sentinel(address, of: sentinels, configuration).watchMaster(tell)
                if wasHeard { backoff.reset() }
            }
            try? await Task.sleep(for: backoff.next(using: &generator))
        }
    }
}
