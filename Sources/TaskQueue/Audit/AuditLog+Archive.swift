internal import RedisClient

/// What ``AuditLog/archive(after:keeping:by:write:)`` has done.
public struct AuditArchiving: Sendable, Codable, Hashable {
    /// How many entries were written.
    public var written = 0
    /// How many entries were taken out of Redis.
    public var removed = 0
    /// The last entry that is in the archive; nil when it is empty.
    public var mark: String?
    /// Whether the log was as it was written: of one that is not nothing is archived.
    public var verification: AuditVerification
}

extension AuditLog {
    /// Writes old entries into an archive, and takes them out of Redis.
    ///
    /// An entry of the log says until where it is archived, and with which hash that ends: so what stays is verified
    /// without the archive too, and with it as one chain. It may be cut off at any moment, and called again.
    ///
    /// - Parameters:
    ///   - lines: What the archive has already.
    ///   - age: Younger entries stay.
    ///   - actor: Who does it: `ada@web1`.
    ///   - write: Appends lines to the archive, to stay there whatever happens.
    /// - Throws: ``AuditFailure`` when the entry could not be written; `RedisError`; what the closure throws.
    public func archive(
        after lines: [Substring] = [], keeping age: Duration, by actor: String, write: ([String]) throws -> Void
    ) async throws -> AuditArchiving {
        let verification = try await verify(archive: lines)
        var result = AuditArchiving(verification: verification)
        var end = lines.last.flatMap(StoredAuditEntry.init(line:))
        result.mark = end?.mark.text
        guard verification.isIntact, let oldest = try await stored(after: 0, count: 1).first else { return result }

        let limit = try await client.send(RedisCommand("TIME")).serverTime.adding(.zero - age)
        while true {
            let page = try await stored(after: end?.number ?? 0)
            let old = page.prefix { entry in WireTime(AuditEntry(entry).time).map { $0 < limit } ?? false }
            if let last = old.last {
                try write(old.map(\.line))
                result.written += old.count
                end = last
            }
            guard !old.isEmpty, old.count == page.count else { break }
        }
        guard let end, end.number >= oldest.number else { return result }
        result.mark = end.mark.text
        var event = AuditEvent(actor: actor, action: "audit archive", subject: "up to entry \(end.number)")
        event.archived = end.mark
        result.removed = try await recording(event, count: Optional.some) {
            try await client.send(RedisCommand("XTRIM", keys.audit, "MINID", "\(end.number + 1)-0")).integer
        }
        return result
    }

    private func stored(after number: Int, count: Int = page) async throws(RedisError) -> [StoredAuditEntry] {
        var entries: [StoredAuditEntry] = []
        for element in try await page(after: number > 0 ? "\(number)-0" : "", count: count) {
            entries.append(try StoredAuditEntry(element))
        }
        return entries
    }
}

extension StoredAuditEntry {
    fileprivate var mark: AuditMark { AuditMark(number: number, hash: hash) }
}
