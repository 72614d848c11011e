internal import RedisClient
internal import TaskQueue

/// How much of a provider's limits is in use, as the workers tell each other in `sms:rate:<provider>` and
/// `sms:calls:<provider>`.
struct ProviderCalls: Sendable {
    /// Providers as the workers' `--provider` names them.
    static let names = ["yuntongxun", "aliyun", "tencent", "twilio", "sns", "webhook"]

    let name: String
    /// When the next call is due; nil when none is counted.
    let nextCall: WireTime?
    /// Calls at once: how many the workers have, and how many they want. Nil without such a limit.
    let places: (has: Int, wants: Int)?

    /// Those whose limits are in use.
    static func all(_ client: RedisClient) async throws(RedisError) -> [ProviderCalls] {
        let replies = try await client.send(
            [RedisCommand("TIME")]
                + names.flatMap { [RedisCommand("GET", "sms:rate:\($0)"), RedisCommand("HGETALL", "sms:calls:\($0)")] })
        let now = (try? replies[0].array.first?.integer) ?? 0
        return names.enumerated().compactMap { index, name in
            let rate = try? replies[1 + 2 * index].optional?.integer
            let fields = (try? replies[2 + 2 * index].map) ?? []
            let shares = fields.compactMap { field -> (has: Int, wants: Int)? in
                let parts = ((try? field.value.text) ?? "").split(separator: " ").compactMap { Int($0) }
                return parts.count == 3 && parts[2] > now * 1000 ? (parts[0], parts[1]) : nil
            }
            guard rate != nil || !shares.isEmpty else { return nil }
            return ProviderCalls(
                name: name, nextCall: rate.map { WireTime(microseconds: $0) },
                places: shares.isEmpty
                    ? nil : shares.reduce(into: (0, 0)) { sum, share in sum = (sum.0 + share.has, sum.1 + share.wants) }
            )
        }
    }
}
