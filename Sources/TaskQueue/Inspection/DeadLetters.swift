public import RedisClient

/// The messages of a queue that failed for good: looks at them, puts them back, deletes them.
///
/// Work on many letters goes in small portions, so that neither Redis nor this program suffers from their number. Several
/// people may do it at once: each letter is put back or deleted only once.
public struct DeadLetters: Sendable {
    /// Told after each portion: how many letters were looked at, out of how many.
    public typealias Progress = (_ examined: Int, _ total: Int) -> Void

    private let client: RedisClient
    private let keys: QueueKeys
    private let scripts = QueueScripts()

    init(client: RedisClient, keys: QueueKeys) {
        self.client = client
        self.keys = keys
    }

    // MARK: - Looking

    /// How many there are.
    public func count(
        _ filter: DeadLetterFilter = .all, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> Int {
        guard !filter.isOfTimeOnly else {
            return try await client.send(.deaths(keys, from: filter.start, before: filter.end)).integer
        }
        var walk = try await walk(filter)
        var count = 0
        while let ids = try await walk.nextIDs() {
            count += ids.count
            progress(walk.examined, walk.total)
        }
        return count
    }

    /// How many there are of each reason.
    public func countsByReason(progress: Progress = { _, _ in }) async throws(RedisError) -> [String: Int] {
        var walk = try await walk(.all)
        var counts: [String: Int] = [:]
        while let letters = try await walk.next() {
            for letter in letters { counts[letter.reason, default: 0] += 1 }
            progress(walk.examined, walk.total)
        }
        return counts
    }

    /// Up to so many of them, the newest first.
    public func list(
        _ filter: DeadLetterFilter = .all, limit: Int, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> [DeadLetter] {
        var walk = try await walk(filter, newestFirst: true)
        var letters: [DeadLetter] = []
        while letters.count < limit, let more = try await walk.next() {
            letters += more.prefix(limit - letters.count)
            progress(walk.examined, walk.total)
        }
        return letters
    }

    /// A page of them, the newest first. However many there are, only some are looked at: ``DeadLetterPage/next`` tells where
    /// to go on.
    public func page(
        _ filter: DeadLetterFilter = .all, after position: DeadLetterPosition? = nil, limit: Int = 50
    ) async throws(RedisError) -> DeadLetterPage {
        var walk = try await DeadLetterWalk(
            client: client, keys: keys, scripts: scripts, filter: filter, newestFirst: true, after: position)
        var page = DeadLetterPage()
        while page.examined < DeadLetterPage.mostExamined {
            guard let more = try await walk.nextFound() else {
                page.next = nil
                break
            }
            for found in more {
                guard page.letters.count < limit else { return page }
                page.examined += 1
                page.next = found.position
                if found.isWanted { page.letters.append(found.letter) }
            }
        }
        return page
    }

    /// One of them in full, but for its arguments; nil when there is none of that id.
    public func letter(_ id: String, now: WireTime = .now) async throws(RedisError) -> DeadLetterDetails? {
        guard let raw = try await client.hashValue(keys.deadMessages, id) else { return nil }
        let details = try await client.hashValue(keys.deadDetails, id) ?? []
        let message = DeadMessage(raw)
        return DeadLetterDetails(
            letter: DeadLetter(id: id, details: details), headers: message.shownHeaders, size: raw.count,
            isExpired: message.isExpired(at: now))
    }

    /// Where a dead letter of that id lies; nil when there is none.
    func place(of id: String, _ display: ArgumentDisplay) async throws(RedisError) -> TaskPlace? {
        guard let raw = try await client.hashValue(keys.deadMessages, id) else { return nil }
        let letter = DeadLetter(id: id, details: try await client.hashValue(keys.deadDetails, id) ?? [])
        return TaskPlace(
            kind: .dead, key: keys.deadMessages, task: QueuedTask(raw, display), worker: letter.worker, letter: letter)
    }

    /// The ids of the dead letters of the task of that id, the oldest first.
    public func ids(
        ofTask id: String, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> [String] {
        let search = TaskSearch(client: client, keys: keys, scripts: scripts)
        return try await search.find(.id(id), onlyOne: false, kinds: [.dead], progress: progress).map(\.place)
    }

    /// Names of tasks that workers have refused to know, of those that died lately.
    func unknownTasks() async throws(RedisError) -> Set<String> {
        let lately = try await list(limit: 100)
        return Set(lately.filter { $0.reason == MessageRefusal.Reason.unknownTask.rawValue }.compactMap(\.task))
    }

    /// Up to so many of the selected letters as they are, the oldest first, with their arguments masked unless asked
    /// for: to see what is about to be retried or deleted.
    public func samples(
        _ selection: DeadLetterSelection, limit: Int, display: ArgumentDisplay = .masked
    ) async throws(RedisError) -> [DeadLetterSample] {
        var ids: [String] = []
        switch selection {
        case .ids(let given): ids = Array(given.prefix(limit))
        case .matching(let filter):
            var walk = try await walk(filter)
            while ids.count < limit, let more = try await walk.nextIDs() { ids += more.prefix(limit - ids.count) }
        }
        var samples: [DeadLetterSample] = []
        for id in ids {
            guard let place = try await place(of: id, display), let letter = place.letter else { continue }
            samples.append(DeadLetterSample(letter: letter, arguments: place.task.arguments))
        }
        return samples
    }

    // MARK: - Mending

    /// Puts dead letters back at the end of their lines, the oldest first, as if they had never been tried: their counts
    /// of retries and redeliveries begin anew and they are due at once. Bytes that cannot be read go back untouched.
    ///
    /// A letter whose time is over stays where it is and is counted. Each moves in one atomic step; when this throws,
    /// some are back already, and the rest can be retried.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - perSecond: How many go back a second at most; nil: as fast as it goes.
    ///   - dryRun: Nothing is put back; the result says what would be.
    ///   - now: The time by which letters are expired.
    ///   - progress: Told after each portion.
    public func retry(
        _ selection: DeadLetterSelection, perSecond: Int? = nil, dryRun: Bool = false, now: WireTime = .now,
        progress: Progress = { _, _ in }
    ) async throws(RedisError) -> DeadLetterRetryResult {
        var result = DeadLetterRetryResult()
        let most = perSecond.map { max(1, $0 / 10) } ?? DeadLetterWalk.pageSize
        try await forEachPortion(of: selection, progress) { (ids) async throws(RedisError) in
            var rest = ids[...]
            while !rest.isEmpty {
                let before = result.retried
                try await retry(Array(rest.prefix(most)), selection, dryRun: dryRun, now, &result)
                rest = rest.dropFirst(most)
                let count = result.retried - before
                guard let perSecond, !dryRun, count > 0 else { continue }
                try? await Task.sleep(for: .seconds(Double(count) / Double(max(1, perSecond))))
            }
        }
        return result
    }

    private func retry(
        _ ids: [String], _ selection: DeadLetterSelection, dryRun: Bool, _ now: WireTime,
        _ result: inout DeadLetterRetryResult
    ) async throws(RedisError) {
        // A plan needs to know what is expired; what a letter becomes only matters once it goes back.
        let fields = try await client.send(
            (dryRun ? [keys.deadMessages] : [keys.deadMessages, keys.deadDetails]).map { key in
                RedisCommand("HMGET", arguments: [key] + ids.map { $0 as any RedisArgument })
            })
        let (messages, details) = (try fields[0].array, try fields.dropFirst().first?.array)
        var moved: [String] = []
        var moves: [any RedisArgument] = []
        for (index, (id, message)) in zip(ids, messages).enumerated() {
            guard let raw = try message.optional?.bytes else {
                if selection.isByID { result.missing.append(id) }
                continue
            }
            let message = DeadMessage(raw)
            if message.isExpired(at: now) {
                result.expired += 1
            } else if dryRun {
                result.retried += 1
            } else {
                moved.append(id)
                let letter = DeadLetter(id: id, details: try details?[index].optional?.bytes ?? [])
                moves +=
                    [id, message.revived(isUnknown: letter.reason == DeathReason.unknown.rawValue)]
                    as [any RedisArgument]
            }
        }
        guard !moved.isEmpty else { return }
        let wereThere = try await client.run(
            scripts.revive,
            keys: keys.waiting + [keys.dead, keys.deadMessages, keys.deadDetails, keys.statistics],
            arguments: moves
        ).array
        for (id, wasThere) in zip(moved, wereThere) {
            if try wasThere.boolean {
                result.retried += 1
            } else if selection.isByID {
                result.missing.append(id)
            }
        }
    }

    /// Deletes dead letters for good. When this throws, some are deleted already.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - progress: Told after each portion.
    public func delete(
        _ selection: DeadLetterSelection, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> DeadLetterDeletionResult {
        var result = DeadLetterDeletionResult()
        try await forEachPortion(of: selection, progress) { (ids) async throws(RedisError) in
            let wereThere = try await client.run(
                scripts.discard, keys: [keys.dead, keys.deadMessages, keys.deadDetails, keys.statistics],
                arguments: ids
            ).array
            for (id, wasThere) in zip(ids, wereThere) {
                if try wasThere.boolean {
                    result.deleted += 1
                } else if selection.isByID {
                    result.missing.append(id)
                }
            }
        }
        return result
    }

    private func walk(
        _ filter: DeadLetterFilter, newestFirst: Bool = false
    ) async throws(RedisError) -> DeadLetterWalk {
        try await DeadLetterWalk(
            client: client, keys: keys, scripts: scripts, filter: filter, newestFirst: newestFirst)
    }

    private func forEachPortion(
        of selection: DeadLetterSelection, _ progress: Progress,
        _ body: (_ ids: [String]) async throws(RedisError) -> Void
    ) async throws(RedisError) {
        switch selection {
        case .ids(let ids):
            var rest = ids.withoutRepetitions[...]
            let total = rest.count
            while !rest.isEmpty {
                try await body(Array(rest.prefix(DeadLetterWalk.pageSize)))
                rest = rest.dropFirst(DeadLetterWalk.pageSize)
                progress(total - rest.count, total)
            }
        case .matching(let filter):
            var walk = try await walk(filter)
            while let ids = try await walk.nextIDs() {
                if !ids.isEmpty { try await body(ids) }
                progress(walk.examined, walk.total)
            }
        }
    }
}

extension [String] {
    /// The same in their order, each once.
    fileprivate var withoutRepetitions: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
