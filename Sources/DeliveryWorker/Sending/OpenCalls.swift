internal import RedisClient
internal import TaskQueue

/// Remembers which call of a task has begun and not ended: after an outcome that nobody knows, or the death of the worker,
/// the next attempt asks that provider.
///
/// The string `sms:call:<task>` holds the provider, the attempt, and when the call began, in milliseconds.
struct OpenCalls: Sendable {
    /// One call of a task.
    struct Call: Sendable, Equatable {
        var provider: String
        var attempt: Int
        var began: WireTime

        init(provider: String, attempt: Int, began: WireTime) {
            self.provider = provider
            self.attempt = attempt
            self.began = began
        }

        init?(_ text: String) {
            let words = text.split(separator: " ")
            guard words.count == 3, let attempt = Int(words[1]), let time = Int(words[2]) else { return nil }
            self.init(
                provider: String(words[0]), attempt: attempt, began: WireTime(microseconds: time * 1000))
        }

        var text: String { "\(provider) \(attempt) \(began.milliseconds)" }
    }

    /// Longer than a code lives.
    private static let life = Duration.seconds(3600)

    let client: RedisClient

    /// The task's call that has not ended.
    func call(of task: String) async throws(RedisError) -> Call? {
        try await client.get(key(task)).flatMap { Call($0) }
    }

    /// A call begins.
    func begin(_ call: Call, of task: String) async throws(RedisError) {
        try await client.set(key(task), call.text, expiry: Self.life)
    }

    /// It is known how the call has ended.
    func end(of task: String) async throws(RedisError) {
        try await client.delete(key(task))
    }

    private func key(_ task: String) -> String { "sms:call:\(task)" }
}
