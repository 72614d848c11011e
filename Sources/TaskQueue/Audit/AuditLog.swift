public import RedisClient

/// What people have done to a queue: an append-only record in Redis, in which it shows when somebody changes it.
///
/// It is a stream, `{Q}:audit`, that `redis-cli XRANGE` shows. Each entry has the hash of its text, its number and the
/// hash before it, so that none can be changed, taken out or put in without changing all that follow; with a key each
/// hash is signed too. What that cannot show is that the newest entries are missing, when whoever took them away also
/// changed the stream's own count: for that, note ``AuditEntry/mark`` elsewhere now and then. Without a key, whoever can
/// write into Redis can also write a whole record that looks genuine. ``archive(after:keeping:by:write:)`` keeps it short.
public struct AuditLog: Sendable {
    /// Others may append at the same moment; so often it is tried.
    private static let attempts = 1000
    /// As many entries are read at a time.
    static let page = 1000
    /// Nobody waits longer for the entry that tells how a change has ended.
    private static let longestEnd = Duration.seconds(10)
    /// A reply was lost: the pauses before it is asked whether the entry is there, until there is an answer.
    private static let pauses = [0, 50, 100, 200, 400, 800].map { Duration.milliseconds($0) }
    private static let script = QueueScripts().audit

    let client: RedisClient
    let keys: QueueKeys
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

    /// Makes a change, with an entry before it and one after it. A change that cannot be written down is not made. One that
    /// is cut off, since its task was cancelled, is written down as failed.
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
        try await recording(AuditEvent(actor: actor, action: action, subject: subject), count: count, change)
    }

    func recording<Value>(
        _ event: AuditEvent, count: (Value) -> Int? = { _ in nil }, _ change: () async throws -> Value
    ) async throws -> Value {
        var event = event
        event.state = .begun
        do throws(RedisError) {
            event.beginning = try await append(event).number
        } catch {
            throw AuditFailure(isDone: false, reason: error)
        }
        let value: Value
        do {
            value = try await change()
        } catch {
            event.state = .failed
            _ = try? await appendEnd(event)
            throw error
        }
        event.state = .done
        event.count = count(value)
        do throws(RedisError) {
            try await appendEnd(event)
        } catch {
            throw AuditFailure(isDone: true, reason: error)
        }
        return value
    }

    /// Appends an entry also when the task was cancelled.
    private func appendEnd(_ event: AuditEvent) async throws(RedisError) {
        let writing = Task { () async -> RedisError? in
            do throws(RedisError) {
                try await append(event)
                return nil
            } catch {
                return error
            }
        }
        let limit = Task {
            try await Task.sleep(for: Self.longestEnd)
            writing.cancel()
        }
        defer { limit.cancel() }
        if let error = await writing.value { throw error }
    }

    /// Appends an entry.
    ///
    /// - Throws: ``RedisError``; its `mayHaveBeenExecuted` says whether the entry may be there all the same.
    @discardableResult
    public func append(_ event: AuditEvent) async throws(RedisError) -> AuditEntry {
        var known = try await end()
        for _ in 0..<Self.attempts {
            guard known.number < Int.max else {
                throw RedisError(
                    .unexpectedReply,
                    "somebody else has put an entry with the largest number into \(keys.audit): keep it under another "
                        + "name (RENAME), and a new log begins")
            }
            let number = known.number + 1
            let text = event.text(queue: keys.queue, time: known.time)
            let hash = AuditEntry.hash(of: text, number: number, after: known.hash)
            let stored = StoredAuditEntry(
                number: number, text: text, hash: hash, signature: key?.signature(of: hash))
            do throws(RedisError) {
                let end = try await call(["\(known.number)", "\(number)"] + stored.fields)
                guard let end else { return AuditEntry(stored) }
                known = end
            } catch {
                var error = error
                // The script writes last: one that fails has written nothing.
                if error.code == .refused { error.mayHaveBeenExecuted = false }
                guard error.mayHaveBeenExecuted, let end = await endAfterLostReply() else { throw error }
                if end.hash == hash { return AuditEntry(stored) }
                // Others have appended theirs since: whether this one is before those is not known.
                guard end.number < number else { throw error }
                known = end
            }
        }
        throw RedisError(.overloaded, "too many others write into the audit log \(keys.audit) just now")
    }

    private struct End {
        let number: Int
        let hash: String
        let time: WireTime
    }

    /// Where the log ends.
    private func end() async throws(RedisError) -> End {
        do throws(RedisError) {
            if let end = try await call(["", ""]) { return end }
            throw RedisError(.unexpectedReply, "audit.lua does not tell where the log ends")
        } catch {
            var error = error
            error.mayHaveBeenExecuted = false
            throw error
        }
    }

    /// The same when a connection was just lost; nil when Redis stays away, or the task was cancelled.
    private func endAfterLostReply() async -> End? {
        for pause in Self.pauses {
            do {
                try await Task.sleep(for: pause)
                return try await end()
            } catch {
                guard let error = error as? RedisError, error.isTransient else { return nil }
            }
        }
        return nil
    }

    /// Where the log ends; nil when the entry was appended.
    private func call(_ arguments: [String]) async throws(RedisError) -> End? {
        let reply = try await client.run(Self.script, keys: [keys.audit], arguments: arguments).array
        guard reply.count == 3 else { return nil }
        // A larger number than there is here is as good as the largest.
        return End(
            number: Int(try reply[0].text) ?? .max, hash: try reply[1].text,
            time: WireTime(dueAt: Double(try reply[2].integer)))
    }

    // MARK: - Reading

    /// The newest entries, the newest first.
    public func entries(limit: Int) async throws(RedisError) -> [AuditEntry] {
        let command = RedisCommand("XREVRANGE", keys.audit, "+", "-", "COUNT", limit)
        var entries: [AuditEntry] = []
        // An end is newer than its beginning, so it was met before.
        var ended: Set<Int> = []
        for element in try await client.send(command).array {
            var entry = AuditEntry(try StoredAuditEntry(element))
            entry.isWithoutEnd = entry.state == AuditEvent.State.begun.rawValue && !ended.contains(entry.number)
            if let beginning = entry.beginning { ended.insert(beginning) }
            entries.append(entry)
        }
        return entries
    }

    /// Looks whether the log is as it was written.
    ///
    /// - Parameters:
    ///   - archive: The lines of archives, the oldest first, that the log goes on from; see
    ///     ``archive(after:keeping:by:write:)``.
    ///   - noted: An entry that was noted elsewhere, and must still be there.
    ///   - progress: Told after each page of the stream how many of its entries were looked at.
    public func verify(
        archive: [Substring] = [], noted: AuditMark? = nil, progress: (_ examined: Int) -> Void = { _ in }
    ) async throws(RedisError) -> AuditVerification {
        var check = AuditCheck(queue: keys.queue, key: key, noted: noted)
        for line in archive { check.look(atLine: line) }
        check.beginStream()
        var id = ""
        var examined = 0
        while true {
            let page = try await page(after: id)
            for element in page { check.look(at: try StoredAuditEntry(element)) }
            examined += page.count
            progress(examined)
            guard page.count == Self.page, let last = page.last else { break }
            id = try last.array[0].text
        }
        return check.finished(lastGiven: try await lastGiven())
    }

    /// The entries behind that one, as many as are read at a time.
    func page(after id: String, count: Int = Self.page) async throws(RedisError) -> [RESPValue] {
        let start = id.isEmpty ? "-" : "(\(id)"
        return try await client.send(RedisCommand("XRANGE", keys.audit, start, "+", "COUNT", count)).array
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
        guard isDone else { return "nothing was done, since it could not be written into the audit log: \(reason)" }
        return reason.mayHaveBeenExecuted
            ? "it is done; whether that was written into the audit log is not known: \(reason)"
            : "it is done, but that could not be written into the audit log: \(reason)"
    }
}
