internal import RedisClient
internal import TaskQueue

/// What the workers keep messages away from, as they tell each other in the hash `sms:breakers`.
enum OpenBreakers {
    private static let key = "sms:breakers"

    /// A reason for each; none where that cannot be read.
    static func reasons(_ client: RedisClient) async throws(RedisError) -> [WaitReason] {
        guard let fields = try? await client.hash(key) else { return [] }
        let now = try await client.send(RedisCommand("TIME")).array.first?.integer ?? 0
        return fields.sorted { $0.field < $1.field }.compactMap { place, value in
            let parts = String(decoding: value, as: UTF8.self).split(separator: " ")
            let until = parts.last.flatMap { Int($0) }.map { WireTime(microseconds: $0 * 1000) }
            guard let until, until.milliseconds > now * 1000 else { return nil }
            let reason = parts.count > 1 ? " (\(parts[0]))" : ""
            return WaitReason(.breaker, "nothing goes through \(place)\(reason) until \(until.text)")
        }
    }
}
