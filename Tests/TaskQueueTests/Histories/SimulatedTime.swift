import RedisClient
import TaskQueue

/// Lets days go by: what is kept as a time in Redis is moved into the past instead. The leases are let run out one by one.
enum SimulatedTime {
    private static let script = RedisScript(
        name: "pass time",
        source: Array(
            """
            local milliseconds = ARGV[1] * 24 * 3600 * 1000
            for i = 1, 2 do
              for _, member in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
                redis.call('ZINCRBY', KEYS[i], -milliseconds, member)
              end
            end
            local start = redis.call('GET', KEYS[3])
            if start then redis.call('SET', KEYS[3], string.format('%.0f', start - milliseconds * 1000)) end
            """.utf8))

    static func pass(days: Int, _ keys: QueueKeys, _ client: RedisClient) async throws {
        let rate = QueueKeys.rate(of: SimulatedTask.paced.rawValue)
        _ = try await client.run(script, keys: [keys.scheduled, keys.dead, rate], arguments: [days])
    }
}
