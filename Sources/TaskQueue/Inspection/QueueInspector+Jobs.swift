public import RedisClient

extension QueueInspector {
    /// So many messages are at most looked at inside Redis for one page, and so many are at most brought over: enough for
    /// a page of a queue of any length in a fraction of a second.
    private static let mostExamined = 10_000
    private static let mostRead = 500
    /// So many are brought over in one step, when each has to be looked at.
    private static let readingStep = 200

    /// A page of the messages in one kind of place, in the order in which they are taken or due. However many there are, only
    /// some are looked at: ``JobPage/next`` tells where to go on.
    ///
    /// - Parameters:
    ///   - kind: The kind of place; not the dead letters, which have pages of their own.
    ///   - filter: Which messages.
    ///   - start: How many messages to pass over.
    ///   - limit: How many messages a page has at most.
    ///   - display: How much of the arguments to show.
    public func jobs(
        _ kind: TaskPlace.Kind, _ filter: JobFilter = JobFilter(), from start: Int = 0, limit: Int = 50,
        display: ArgumentDisplay = .masked
    ) async throws(RedisError) -> JobPage {
        let now = try await client.send(RedisCommand("TIME")).serverTime
        guard kind != .claimed, kind != .arriving else {
            return try await heldJobs(filter, from: start, limit: limit, display: display, now)
        }
        let homes = try await keys.homes(client).filter { home in
            home.kind == kind && kind != .dead && (filter.band == nil || home.band == nil || home.band == filter.band)
        }
        var page = JobPage(start: max(0, start))
        var lengths: [Int] = []
        for reply in try await client.send(homes.map(\.length)) { lengths.append(try reply.integer) }
        page.total = lengths.reduce(0, +)

        var position = page.start
        var read = 0
        while position < page.total, page.jobs.count < limit, page.examined < Self.mostExamined, read < Self.mostRead {
            // Which home that is, and where in it.
            var index = 0
            var offset = position
            while offset >= lengths[index] {
                offset -= lengths[index]
                index += 1
            }
            let (home, rest) = (homes[index], lengths[index] - offset)
            let texts = home.type == "list" ? filter.texts : nil
            let step = min(rest, step(filter, texts, missing: limit - page.jobs.count))
            let entries = try await entries(home, from: offset, count: step, of: lengths[index], texts: texts)
            var isFull = false
            for entry in entries {
                read += 1
                let place = place(entry, home, ahead: position - offset + entry.index, display)
                guard filter.includes(place, entry.raw, at: now) else { continue }
                page.jobs.append(place)
                guard page.jobs.count == limit else { continue }
                page.examined += entry.index + 1 - offset
                position += entry.index + 1 - offset
                isFull = true
                break
            }
            if isFull { break }
            page.examined += step
            position += step
        }
        page.next = position < page.total ? position : nil
        return page
    }

    private func step(_ filter: JobFilter, _ texts: [String]?, missing: Int) -> Int {
        if texts != nil { return MessageScan.pageSize }
        return filter.looksInside ? Self.readingStep : missing
    }

    private struct Entry {
        /// How many of its home are taken before it.
        let index: Int
        let raw: [UInt8]
        var due: Double?
    }

    /// Messages of one home in their order, those alone that contain one of the texts if there are any.
    private func entries(
        _ home: MessageHome, from start: Int, count: Int, of length: Int, texts: [String]?
    ) async throws(RedisError) -> [Entry] {
        var entries: [Entry] = []
        if home.type == "zset" {
            let command = RedisCommand("ZRANGE", home.key, start, start + count - 1, "WITHSCORES")
            for (index, pair) in try await client.send(command).map.enumerated() {
                entries.append(Entry(index: start + index, raw: try pair.key.bytes, due: try pair.value.double))
            }
        } else if let texts {
            let page = try await client.run(
                scripts.scan, keys: [home.key],
                arguments: [count, max(0, length - start - count), "with"] + texts.map { $0 as any RedisArgument }
            ).array
            for index in stride(from: page.count - 2, to: 1, by: -2) {
                guard let ahead = Int(try page[index].text), ahead >= start else { continue }
                entries.append(Entry(index: ahead, raw: try page[index + 1].bytes))
            }
        } else {
            let messages = try await client.listElements(home.key, from: -(start + count), to: -(start + 1))
            for (index, raw) in messages.reversed().enumerated() {
                entries.append(Entry(index: start + index, raw: raw))
            }
        }
        return entries
    }

    private func place(_ entry: Entry, _ home: MessageHome, ahead: Int, _ display: ArgumentDisplay) -> TaskPlace {
        var place = TaskPlace(kind: home.kind, key: home.key, task: QueuedTask(entry.raw, band: home.band, display))
        place.ahead = ahead
        place.due = entry.due.map { WireTime(dueAt: $0).text }
        return place
    }

    /// What workers hold: no more than they run at once, so all of it is looked at.
    private func heldJobs(
        _ filter: JobFilter, from start: Int, limit: Int, display: ArgumentDisplay, _ now: WireTime
    ) async throws(RedisError) -> JobPage {
        var page = JobPage(start: max(0, start))
        var passed = 0
        for home in try await keys.homes(client) where home.kind == .claimed || home.kind == .arriving {
            guard filter.worker == nil || filter.worker == home.worker else { continue }
            for (place, raw) in try await held(home, display) {
                page.total += 1
                guard filter.includes(place, raw, at: now) else { continue }
                passed += 1
                if passed > page.start, page.jobs.count < limit { page.jobs.append(place) }
            }
        }
        page.examined = page.total
        let end = page.start + page.jobs.count
        page.next = end < passed ? end : nil
        return page
    }

    private func held(
        _ home: MessageHome, _ display: ArgumentDisplay
    ) async throws(RedisError) -> [(TaskPlace, [UInt8])] {
        func place(_ raw: [UInt8]) -> TaskPlace {
            var place = TaskPlace(kind: home.kind, key: home.key, task: QueuedTask(raw, display))
            place.worker = home.worker
            place.isWorkerAlive = home.isWorkerAlive
            return place
        }
        guard home.kind == .claimed else {
            return try await client.listElements(home.key, from: 0, to: -1).reversed().map { (place($0), $0) }
        }
        let fields = try await client.hash(home.key)
        let values = Dictionary(fields.map { ($0.field, $0.value) }) { $1 }
        var since: [String: [UInt8]] = [:]
        if let worker = home.worker {
            for (field, time) in try await client.hash(keys.held(by: worker)) { since[field] = time }
        }
        return fields.compactMap { field, raw in Int(field).map { ($0, raw) } }.sorted { $0.0 < $1.0 }
            .map { claim, raw in
                var place = place(raw)
                place.claim = claim
                place.heldSince = since["\(claim)"].flatMap(WireTime.init(heldSince:))?.text
                place.attemptSent = values["\(claim):sent"].flatMap { Int(String(decoding: $0, as: UTF8.self)) }
                return (place, raw)
            }
    }

    /// What is known of a message that was found.
    public func story(of place: TaskPlace) async throws(RedisError) -> TaskStory {
        var story = TaskStory(id: place.task.id ?? "")
        story.place = place
        try await complete(&story)
        return story
    }
}
