public import RedisClient

extension QueueInspector {
    /// Told while a long work goes on: how many messages were looked at, out of how many.
    public typealias Progress = (_ examined: Int, _ total: Int) -> Void

    /// Finds a task by its id, or by the id of its dead letter, and tells what is known of it.
    ///
    /// All messages of the queue may have to be looked at, inside Redis and a page at a time: some seconds for a million.
    ///
    /// - Parameters:
    ///   - id: The task's id, or a dead letter's.
    ///   - results: The client of the result backend; nil: the broker's.
    ///   - display: How much of the arguments to show.
    ///   - progress: Told after each page.
    /// - Returns: Nil when there is neither a message nor a result of that id.
    public func story(
        of id: String, results: RedisClient? = nil, display: ArgumentDisplay = .masked,
        progress: Progress = { _, _ in }
    ) async throws(RedisError) -> TaskStory? {
        var story = TaskStory(id: id)
        story.result = await storedResult(of: id, in: results ?? client, display)
        if let letter = try await deadLetters.place(of: id, display) {
            story.id = letter.task.id ?? id
            story.place = letter
        } else {
            // A task may move while it is looked for, from where it was not yet looked to where it was.
            for isSecond in [false, true] where story.place == nil {
                let found = try await search.find(
                    .id(id), onlyOne: true, includesOrphans: isSecond, progress: progress
                ).first
                if let found { story.place = try await place(of: found, display) }
                if story.result?.isFinal == true { break }
            }
        }
        guard story.place != nil else { return story.result == nil ? nil : story }
        try await complete(&story)
        return story
    }

    /// Adds what happened to it and why it waits where it is.
    func complete(_ story: inout TaskStory) async throws(RedisError) {
        guard let place = story.place else { return }
        story.history = Self.history(of: place)
        story.reasons = try await reasons(of: place)
    }

    private func storedResult(
        of id: String, in client: RedisClient, _ display: ArgumentDisplay
    ) async -> StoredResult? {
        guard let document = try? await client.get("celery-task-meta-\(id)"),
            let json = try? JSONText(Array(document.utf8)), let status = json["status"]?.string
        else { return nil }
        return StoredResult(
            status: status, time: json["date_done"]?.string, error: json["result"].flatMap { Self.error($0, display) })
    }

    /// An exception as Celery stores it, in words; nil for every other result.
    private static func error(_ result: JSONText, _ display: ArgumentDisplay) -> String? {
        guard let type = result["exc_type"]?.string else { return nil }
        let message = result["exc_message"]
        let parts = message?.kind == .array ? message?.elements ?? [] : [message].compactMap { $0 }
        let words = parts.map { $0.string ?? String(decoding: $0.bytes, as: UTF8.self) }
        let text = words.isEmpty ? type : "\(type): \(words.joined(separator: ", "))"
        return display == .masked ? AuditEvent.masking(text) : text
    }

    /// Where a found message lies.
    func place(of found: TaskSearch.Found, _ display: ArgumentDisplay) async throws(RedisError) -> TaskPlace {
        let home = found.home
        var place = TaskPlace(
            kind: home.kind, key: home.key, task: QueuedTask(found.raw, band: home.band, display))
        switch home.kind {
        case .waiting:
            place.ahead = Int(found.place)
            let before = keys.waiting.prefix { $0 != home.key }.map { RedisCommand("LLEN", $0) }
            if !before.isEmpty {
                for reply in try await client.send(Array(before)) { place.ahead? += (try? reply.integer) ?? 0 }
            }
        case .arriving:
            place.worker = home.worker
            place.isWorkerAlive = home.isWorkerAlive
        case .claimed:
            place.worker = home.worker
            place.isWorkerAlive = home.isWorkerAlive
            place.claim = Int(found.place)
            if let worker = home.worker {
                let since = try? await client.hashValue(keys.held(by: worker), found.place)
                place.heldSince = since.flatMap(WireTime.init(heldSince:))?.text
            }
            let mark = try await client.hashValue(home.key, "\(found.place):sent")
            place.attemptSent = mark.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        case .scheduled:
            place.due = Double(found.place).map { WireTime(dueAt: $0).text }
        case .limited:
            place.ahead = try? await client.send(RedisCommand("ZRANK", home.key, found.raw)).optional?.integer
        case .dead:
            place.letter = try await deadLetters.letter(found.place)?.letter
            place.worker = place.letter?.worker
        }
        return place
    }

    // MARK: - What happened

    private static func history(of place: TaskPlace) -> [String] {
        let task = place.task
        var history: [String] = []
        if let origin = task.origin { history.append("sent by \(origin)") }
        if let redeliveries = task.redeliveries, redeliveries > 0 {
            history.append("came back from a worker that died, \(redeliveries) times so far")
        }
        if let retries = task.retries, retries > 0 {
            history.append("failed and was put off for a retry, \(retries) times so far")
        }
        if let since = task.since, place.kind == .waiting || place.kind == .limited || place.kind == .scheduled {
            history.append(
                place.kind == .scheduled ? "is to run from \(since) on" : "waits since \(since)")
        }
        if let worker = place.worker, place.kind != .dead {
            let time = place.heldSince.map { ", which has had it since \($0) or up to two seconds before" } ?? ""
            history.append("was taken by \(worker)\(time)")
        }
        if let attempt = place.attemptSent {
            history.append("attempt \(attempt) has gone out: it may have had its effect")
        }
        if let letter = place.letter {
            if let started = letter.started { history.append("attempt \(letter.attempts) started at \(started)") }
            history.append("given up at \(letter.time) by \(letter.worker)")
        }
        return history
    }

    // MARK: - Why it waits

    private func reasons(of place: TaskPlace) async throws(RedisError) -> [WaitReason] {
        let replies = try await client.send([
            RedisCommand("TIME"), RedisCommand("EXISTS", keys.paused),
            RedisCommand("ZRANGE", keys.workers, 0, -1, "WITHSCORES"),
            RedisCommand("GET", QueueKeys.rate(of: place.task.task ?? "")),
        ])
        let now = try replies[0].serverTime
        var alive = 0
        var isKnown = false
        for pair in try replies[2].map {
            if try pair.value.double > Double(now.milliseconds) { alive += 1 }
            if try pair.key.text == place.worker { isKnown = true }
        }

        var reasons: [WaitReason] = []
        if let letter = place.letter {
            return [WaitReason(.dead, "\(letter.reason): \(letter.message)")]
        }
        if let problem = place.task.problem {
            reasons.append(WaitReason(.unreadable, "no worker can run it, it becomes a dead letter: \(problem)"))
        }
        if place.task.isExpired(at: now) {
            let expires = place.task.expires ?? ""
            reasons.append(WaitReason(.expired, "expired at \(expires): whoever takes it next drops it"))
        }
        if place.kind == .claimed || place.kind == .arriving {
            if place.isWorkerAlive == false {
                reasons.append(WaitReason(.takeover, Self.takeover(isKnown ? alive > 0 : nil)))
            }
            return reasons
        }
        if try replies[1].integer == 1 {
            reasons.append(WaitReason(.paused, "the queue is paused; sms-queue resume ends it"))
        }
        if alive == 0 { reasons.append(WaitReason(.noWorker, "no worker of this queue is alive")) }
        switch place.kind {
        case .waiting:
            if let ahead = place.ahead, ahead > 0 {
                reasons.append(WaitReason(.line, "\(ahead) are taken before it"))
            }
        case .scheduled:
            reasons.append(Self.dueReason(place, now))
        case .limited:
            let next = (try? replies[3].optional?.integer).map { WireTime(microseconds: $0) }
            if let next, next > now {
                reasons.append(WaitReason(.rate, "the rate limit of its task: the next start is due at \(next.text)"))
            } else {
                reasons.append(WaitReason(.concurrency, "as many of its task run as the workers may run at once"))
            }
            if let ahead = place.ahead, ahead > 0 {
                reasons.append(WaitReason(.line, "\(ahead) of its task start before it"))
            }
        case .arriving, .claimed, .dead: break
        }
        return reasons
    }

    /// - Parameter isExpected: Another worker takes over; nil: nobody looks after the one that is gone.
    private static func takeover(_ isExpected: Bool?) -> String {
        switch isExpected {
        case true?: "its worker is gone; another one takes over within seconds"
        case false?: "its worker is gone, and no other one is there to take over"
        case nil: "it is held by nobody who is among the workers; sms-queue doctor --repair has it taken over"
        }
    }

    private static func dueReason(_ place: TaskPlace, _ now: WireTime) -> WaitReason {
        let what = (place.task.retries ?? 0) > 0 ? "a retry" : "a task with a later time"
        guard let due = place.due.flatMap(WireTime.init), due > now else {
            return WaitReason(.scheduled, "\(what), due now: a worker puts it on its list within a second")
        }
        let seconds = due.since(now) / .seconds(1)
        return WaitReason(.scheduled, "\(what), due at \(due.text), in \(Int(seconds.rounded(.up))) s")
    }
}

extension WireTime {
    /// The time that a score tells in milliseconds; what no time can be becomes the nearest one that can.
    init(dueAt score: Double) {
        let most = 253_402_300_799_000.0  // the end of the year 9999
        self.init(microseconds: Int(min(max(score.isNaN ? 0 : score, 0), most)) * 1000)
    }
}
