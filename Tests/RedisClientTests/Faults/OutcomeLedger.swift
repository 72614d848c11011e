import RedisClient
import TestSupport
import Testing

/// Writes unique entries through a client, and keeps what the client said of each: to compare it with the server's truth.
final class OutcomeLedger: Sendable {
    private struct State {
        var acknowledged: Set<String> = []
        var unknown: Set<String> = []
        var notExecuted: Set<String> = []
        var failed = 0
        var isStopped = false
    }

    private let client: RedisClient
    private let state = Locked(State())

    /// Lets entries be written while `fault` runs.
    static func keep(
        through client: RedisClient, while fault: (OutcomeLedger) async throws -> Void
    ) async throws -> OutcomeLedger {
        let ledger = OutcomeLedger(client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<16 { group.addTask { await ledger.write(as: task) } }
            defer { ledger.state.withLock { $0.isStopped = true } }
            try await ledger.goOn()
            try await fault(ledger)
            try await ledger.goOn()
        }
        return ledger
    }

    private init(_ client: RedisClient) {
        self.client = client
    }

    /// Entries that were acknowledged so far.
    var acknowledged: Int { state.withLock { $0.acknowledged.count } }
    /// Entries so far that ended with an error, other than those whose callers left.
    var failed: Int { state.withLock { $0.failed } }

    /// Waits until more entries are acknowledged.
    func goOn() async throws {
        let target = acknowledged + 500
        try await eventually("more entries are acknowledged", timeout: .seconds(60)) { acknowledged >= target }
    }

    /// Compares with the entries that the server has.
    func check(_ server: RedisServer) async throws {
        let entries = try await server.cli("LRANGE", "ledger", "0", "-1").split(separator: "\n").map(String.init)
        let executed = Set(entries)
        state.withLock { said in
            #expect(entries.count == executed.count, "a command was executed twice")
            let lost = said.acknowledged.subtracting(executed).count
            #expect(lost == 0, "acknowledged commands were not executed")
            let denied = said.notExecuted.intersection(executed).count
            #expect(denied == 0, "commands were executed that were said not to be")
            #expect(said.acknowledged.count <= entries.count)
            #expect(entries.count <= said.acknowledged.count + said.unknown.count)
        }
    }

    private func write(as task: Int) async {
        var number = 0
        while !state.withLock({ $0.isStopped }) {
            number += 1
            let entry = "\(task)/\(number)"
            let call = Task { [client] in try await client.send(RedisCommand("RPUSH", "ledger", entry)) }
            // Callers that leave are part of every load.
            if number % 50 == 0 { call.cancel() }
            switch await call.result {
            case .success: state.withLock { _ = $0.acknowledged.insert(entry) }
            case .failure(let error as RedisError):
                note(entry, error)
                try? await Task.sleep(for: .milliseconds(1))
            case .failure(let error): Issue.record("no RedisError: \(error)")
            }
        }
    }

    private func note(_ entry: String, _ error: RedisError) {
        state.withLock { state in
            if error.code != .cancelled { state.failed += 1 }
            if error.mayHaveBeenExecuted {
                state.unknown.insert(entry)
            } else {
                state.notExecuted.insert(entry)
            }
        }
    }
}
