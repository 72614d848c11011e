public import RedisClient

/// What people have done to a queue: an append-only record in Redis, in which it shows when somebody changes it.
///
/// It is a stream, `{Q}:audit`, that `redis-cli XRANGE` shows. Each entry has the hash of its text, its number and the
/// hash before it, so that none can be changed, taken out or put in without changing all that follow; with a key each
/// hash is signed too. What that cannot show is that the newest entries are missing, when whoever took them away also
/// changed the stream's own count: for that, note ``AuditEntry/mark`` elsewhere now and then. Without a key, whoever can
/// write into Redis can also write a whole record that looks genuine.
public struct AuditLog: Sendable {
    /// Others may append at the same moment; so often it is tried.
    private static let attempts = 1000
    /// As many entries are read at a time.
    private static let page = 1000
    private static let script = QueueScripts.script("audit", PackageResources.audit_lua)

    private let client: RedisClient
    private let keys: QueueKeys
    private let key: AuditKey?

    /// The audit log of the queue of that name.
    ///
    /// - Parameters:
    ///   - client: The broker's client.
    ///   - queue: The queue's name.
    ///   - key: Signs the entries, and is what they are checked with; nil: they are not signed.
    public init(client: RedisClient, queue: String, key: AuditKey? = nil) {
        self.client = client
        keys = QueueKeys(queue: queue)
        self.key = key
    }

    // MARK: - Writing

    /// Makes a change, with an entry before it and one after it. A change that cannot be written down is not made.
    ///
    /// - Parameters:
    ///   - action: What is done: `dead delete`.
    ///   - subject: To what: ids, or the conditions that were given; what could be a phone number is masked.
    ///   - actor: Who does it: `ada@web1`.
    ///   - count: How many messages it concerned, from what the change returns.
    ///   - change: Makes it.
    /// - Returns: What the change returns.
    /// - Throws: ``AuditFailure`` when one of the entries could not be written; what the change throws.
    public func recording<Value>(
        _ action: String, of subject: String = "", by actor: String, count: (Value) -> Int? = { _ in nil },
        _ change: () async throws -> Value
    ) async throws -> Value {
        func event(_ state: AuditEvent.State, _ count: Int?, _ beginning: Int?) -> AuditEvent {
            AuditEvent(
                actor: actor, action: action, subject: subject, state: state, count: count,
                beginning: beginning)
        }
        let begun: AuditEntry
        do throws(RedisError) {
            begun = try await append(event(.begun, nil, nil))
        } catch {
            throw AuditFailure(isDone: false, reason: error)
        }
        let value: Value
        do {
            value = try await change()
        } catch {
            _ = try? await append(event(.failed, nil, begun.number))
            throw error
        }
        do throws(RedisError) {
            _ = try await append(event(.done, count(value), begun.number))
        } catch {
            throw AuditFailure(isDone: true, reason: error)
        }
        return value
    }

    /// Appends an entry.
    @discardableResult
    public func append(_ event: AuditEvent) async throws(RedisError) -> AuditEntry {
        var end = try await call(expecting: "", [])
        for _ in 0..<Self.attempts {
            guard let known = end else { break }
            let number = known.number + 1
            let text = event.text(queue: keys.queue, time: known.time)
            let hash = AuditEntry.hash(of: text, number: number, after: known.hash)
            let stored = StoredAuditEntry(
                number: number, text: text, hash: hash, signature: key?.signature(of: hash))
            end = try await call(expecting: "\(known.number)", stored.fields)
            if end == nil { return AuditEntry(stored) }
        }
        throw RedisError(.overloaded, "too many others write into the audit log \(keys.audit) just now")
    }

    private struct End {
        let number: Int
        let hash: String
        let time: WireTime
    }

    /// Where the log ends; nil when the entry was appended.
    private func call(expecting number: String, _ fields: [String]) async throws(RedisError) -> End? {
        let reply = try await client.run(
            Self.script, keys: [keys.audit], arguments: [number] + fields
        ).array
        guard reply.count == 3 else { return nil }
        return End(
            number: try reply[0].integer, hash: try reply[1].text,
            time: WireTime(dueAt: Double(try reply[2].integer)))
    }

    // MARK: - Reading

    /// The newest entries, the newest first.
    public func entries(limit: Int) async throws(RedisError) -> [AuditEntry] {
        let command = RedisCommand("XREVRANGE", keys.audit, "+", "-", "COUNT", limit)
        var entries: [AuditEntry] = []
        for element in try await client.send(command).array {
            entries.append(AuditEntry(try StoredAuditEntry(element)))
        }
        return entries
    }

    /// Looks whether the log is as it was written.
    ///
    /// - Parameters:
    ///   - noted: An entry that was noted elsewhere, and must still be there.
    ///   - progress: Told after each page how many entries were looked at.
    public func verify(
        noted: AuditMark? = nil, progress: (_ examined: Int) -> Void = { _ in }
    ) async throws(RedisError) -> AuditVerification {
        var check = AuditCheck(queue: keys.queue, key: key, noted: noted)
        var next = "-"
        var examined = 0
        while true {
            let page = try await client.send(
                RedisCommand("XRANGE", keys.audit, next, "+", "COUNT", Self.page)
            ).array
            for element in page { check.look(at: try StoredAuditEntry(element)) }
            examined += page.count
            progress(examined)
            guard page.count == Self.page, let last = page.last else { break }
            next = "(\(try last.array[0].text)"
        }
        return check.finished(lastGiven: try await lastGiven())
    }

    /// The number that was given last, also when its entry was taken away.
    private func lastGiven() async throws(RedisError) -> Int {
        guard try await client.send(RedisCommand("EXISTS", keys.audit)).integer == 1 else { return 0 }
        let about = try await client.send(RedisCommand("XINFO", "STREAM", keys.audit)).map
        for field in about where try field.key.text == "last-generated-id" {
            return StoredAuditEntry.number(try field.value.text) ?? 0
        }
        return 0
    }
}

/// An entry of the audit log could not be written.
public struct AuditFailure: Error, Sendable, CustomStringConvertible {
    /// The change was made all the same: it was its end that could not be written down.
    public let isDone: Bool
    /// Why.
    public let reason: RedisError

    public var description: String {
        isDone
            ? "it is done, but that could not be written into the audit log: \(reason)"
            : "nothing was done, since it could not be written into the audit log: \(reason)"
    }
}
