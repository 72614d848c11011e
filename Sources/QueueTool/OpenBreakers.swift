internal import RedisClient
internal import TaskQueue

/// Something that messages are kept away from.
struct OpenBreaker: Sendable {
    /// A provider, or its template or a country through it.
    let place: String
    /// Why; nil where that is not told.
    let reason: String?
    let until: WireTime
}

/// What the workers keep messages away from, as they tell each other in the hash `sms:breakers`.
enum OpenBreakers {
    private static let key = "sms:breakers"

    /// Those that are open now; none where that cannot be read.
    static func all(_ client: RedisClient) async throws(RedisError) -> [OpenBreaker] {
        guard let fields = try? await client.hash(key) else { return [] }
        let now = try await client.send(RedisCommand("TIME")).array.first?.integer ?? 0
        return fields.sorted { $0.field < $1.field }.compactMap { place, value in
            let parts = String(decoding: value, as: UTF8.self).split(separator: " ")
            let until = parts.last.flatMap { Int($0) }.map { WireTime(microseconds: $0 * 1000) }
            guard let until, until.milliseconds > now * 1000 else { return nil }
            return OpenBreaker(place: place, reason: parts.count > 1 ? String(parts[0]) : nil, until: until)
        }
    }

    /// A reason to wait for each.
    static func reasons(_ client: RedisClient) async throws(RedisError) -> [WaitReason] {
        try await all(client).map { breaker in
            let reason = breaker.reason.map { " (\($0))" } ?? ""
            return WaitReason(.breaker, "nothing goes through \(breaker.place)\(reason) until \(breaker.until.text)")
        }
    }
}
