import RedisClient
import TestSupport
import Testing

/// Tasks that share a client, each of which sends commands whose replies only it can expect.
///
/// A reply that belongs to another caller is a failure that names both. Transient errors are expected of a fault; any
/// other error is a failure.
final class TaggedTraffic: Sendable {
    private struct State {
        var answered = 0
        var failed = 0
        var isStopped = false
        var hasForeignReply = false
    }

    private let client: RedisClient
    private let state = Locked(State())
    private let script = RedisScript(name: "echo", source: Array("return ARGV[1]".utf8))

    /// Lets commands flow while `fault` runs, and on until so many were answered in all.
    static func flow(
        through client: RedisClient, atLeast count: Int = 100_000, tasks: Int = 16,
        while fault: (TaggedTraffic) async throws -> Void
    ) async throws {
        let traffic = TaggedTraffic(client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks { group.addTask { await traffic.send(as: task) } }
            defer { traffic.state.withLock { $0.isStopped = true } }
            try await traffic.flowOn(1000)
            try await fault(traffic)
            try await traffic.flowOn(max(1000, count - traffic.answered))
        }
    }

    private init(_ client: RedisClient) {
        self.client = client
    }

    /// Commands that were answered so far.
    var answered: Int { state.withLock { $0.answered } }
    /// Calls that ended with an error so far.
    var failed: Int { state.withLock { $0.failed } }

    /// Waits until so many further commands were answered: the client works (again).
    func flowOn(_ count: Int = 1000, file: String = #fileID, line: Int = #line) async throws {
        let target = answered + count
        try await eventually(
            "\(count) more commands are answered", timeout: .seconds(60), file: file, line: line
        ) {
            answered >= target || state.withLock { $0.hasForeignReply }
        }
    }

    private func send(as task: Int) async {
        var number = 0
        while !state.withLock({ $0.isStopped }) {
            let tags = (0..<50).map { Self.tag(task, number + $0) }
            number += tags.count
            do throws(RedisError) {
                switch number / tags.count % 5 {
                case 0: for tag in tags.prefix(5) { check([try await client.send(RedisCommand("ECHO", tag))], [tag]) }
                case 1: for tag in tags.prefix(5) { check([try await runScript(tag)], [tag]) }
                case 2: for tag in tags.prefix(5) { await leave(tag) }
                default: check(try await client.send(tags.map { RedisCommand("ECHO", $0) }), tags)
                }
            } catch {
                count(error)
                // A refusal may come at once: callers that try again without a pause would leave nobody else a thread.
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// A caller that leaves at once; its reply may be quicker, and must not go to anybody else.
    private func leave(_ tag: String) async {
        let call = Task { [client] () throws(RedisError) in try await client.send(RedisCommand("ECHO", tag)) }
        call.cancel()
        switch await call.result {
        case .success(let reply): check([reply], [tag])
        case .failure(let error as RedisError): if error.code != .cancelled { count(error) }
        case .failure(let error): Issue.record("no RedisError: \(error)")
        }
    }

    private func runScript(_ tag: String) async throws(RedisError) -> RESPValue {
        try await client.run(script, keys: [], arguments: [tag])
    }

    /// Unique, recognisable at both ends; most are short, a few longer than what is read or written at once.
    private static func tag(_ task: Int, _ number: Int) -> String {
        let length = number % 997 == 0 ? 40_000 : number % 61 == 0 ? 1500 : number % 17
        return "\(task)/\(number)" + String(repeating: "-", count: length) + "\(task)/\(number)"
    }

    private func check(_ replies: [RESPValue], _ tags: [String]) {
        #expect(replies.count == tags.count)
        for (reply, tag) in zip(replies, tags) {
            switch reply {
            case .bytes(let bytes) where bytes == Array(tag.utf8): state.withLock { $0.answered += 1 }
            case .error(let text): count(RedisError(serverError: text))
            default: reportForeign(reply, tag)
            }
        }
    }

    private func reportForeign(_ reply: RESPValue, _ tag: String) {
        state.withLock { ($0.hasForeignReply, $0.isStopped) = (true, true) }
        let came = (try? reply.text).map { "\($0.prefix(40))" } ?? reply.kind
        Issue.record("the reply to the command \(tag.prefix(40)) was \(came)")
    }

    private func count(_ error: RedisError) {
        state.withLock { $0.failed += 1 }
        if !error.isTransient { Issue.record("no error that passes by itself: \(error.code): \(error)") }
    }
}
