public import RedisClient

extension QueueInspector {
    /// From now on nothing is claimed; what runs goes on.
    public func pause() async throws(RedisError) {
        try await client.set(keys.paused, "1", expiry: nil)
    }

    /// Ends a pause; false when there was none.
    public func resume() async throws(RedisError) -> Bool {
        let wasPaused = try await client.delete(keys.paused) == 1
        try await client.publish("resumed", to: keys.wakeUps)
        return wasPaused
    }

    /// What is thrown away beside the waiting messages.
    public enum PurgeScope: String, Sendable, CaseIterable {
        /// Retries and tasks with a later time.
        case scheduled
        /// What waits for the limits of its task.
        case limited
    }

    /// Throws away all that waits: at once, however much it is, and for good. What workers hold stays, and so do dead
    /// letters.
    ///
    /// - Returns: How many messages went.
    public func purge(_ more: Set<PurgeScope> = []) async throws(RedisError) -> Int {
        var purged = keys.waiting
        if more.contains(.scheduled) { purged.append(keys.scheduled) }
        if more.contains(.limited) {
            for task in try await client.send(RedisCommand("SMEMBERS", keys.tasksWithLine)).array {
                purged.append(keys.line(of: try task.text))
            }
        }
        var count = 0
        for reply in try await client.run(scripts.purge, keys: [keys.statistics] + purged).array {
            count += try reply.integer
        }
        return count
    }

    /// Removes the queue with all that it holds, waiting, running and dead, for good. For queues of tests: a worker that
    /// still runs would make some keys anew.
    public func erase() async throws(RedisError) {
        for list in keys.waiting { _ = try await client.send(RedisCommand("UNLINK", list)) }
        var others: [String] = []
        try await client.scanKeys(matching: "\("{\(keys.queue)}:".globEscaped)*") { others.append($0) }
        for key in others { _ = try await client.send(RedisCommand("UNLINK", key)) }
    }

    /// Takes back the task of that id, unless a worker has it already.
    public func cancel(
        _ id: String, dryRun: Bool = false, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> CancelResult {
        try await cancel(.id(id), onlyOne: true, dryRun: dryRun, progress: progress)
    }

    /// Takes back all tasks one of whose arguments is one of these texts, unless a worker has them already.
    ///
    /// What is sealed cannot be looked into, and stays.
    public func cancelAll(
        withArgument texts: [String], dryRun: Bool = false, progress: Progress = { _, _ in }
    ) async throws(RedisError) -> CancelResult {
        try await cancel(.argument(texts), onlyOne: false, dryRun: dryRun, progress: progress)
    }

    /// How many tasks of that name no worker has yet.
    public func waiting(ofTask name: String, progress: Progress = { _, _ in }) async throws(RedisError) -> Int {
        try await search.count(.task(name), kinds: [.waiting, .scheduled, .limited], progress: progress)
    }

    private func cancel(
        _ target: TaskSearch.Target, onlyOne: Bool, dryRun: Bool, progress: Progress
    ) async throws(RedisError) -> CancelResult {
        var result = CancelResult()
        // What moves on in the moment in which it is taken away is looked for again.
        for _ in 0..<3 {
            var missed = false
            result.held = []
            let found = try await search.find(
                target, onlyOne: onlyOne, kinds: [.waiting, .scheduled, .limited, .claimed, .arriving],
                progress: progress)
            for task in found {
                let place = try await place(of: task, .masked)
                guard task.home.kind != .claimed, task.home.kind != .arriving else {
                    result.held.append(place)
                    continue
                }
                let isGone =
                    dryRun
                    ? true
                    : try await client.run(
                        scripts.cancel, keys: [task.home.key, keys.statistics], arguments: [task.raw]
                    ).integer == 1
                if isGone { result.cancelled.append(place) } else { missed = true }
            }
            if !missed { break }
        }
        return result
    }
}

/// What came of cancelling.
public struct CancelResult: Sendable, Codable, Hashable {
    /// What was taken back, and where it waited.
    public var cancelled: [TaskPlace] = []
    /// What workers have in their hands: too late.
    public var held: [TaskPlace] = []
}

extension OutgoingTask {
    /// A task whose arguments are JSON text already, for tools. Nothing checks that they fit.
    ///
    /// - Parameters:
    ///   - task: The task's registered name.
    ///   - id: The task's id.
    ///   - queue: The queue that it goes to.
    ///   - argumentsJSON: The positional arguments: a JSON array.
    ///   - namedArgumentsJSON: Those by name: a JSON object.
    /// - Throws: ``ArgumentsNotJSON``
    public init(
        task: String, id: TaskID = .random(), queue: String, argumentsJSON: String, namedArgumentsJSON: String = "{}"
    ) throws(ArgumentsNotJSON) {
        guard let arguments = try? JSONText(Array(argumentsJSON.utf8)), arguments.kind == .array else {
            throw ArgumentsNotJSON(wanted: #"a JSON array, such as ["Ada", 2]"#)
        }
        guard let named = try? JSONText(Array(namedArgumentsJSON.utf8)), named.kind == .object else {
            throw ArgumentsNotJSON(wanted: #"a JSON object, such as {"name": "Ada"}"#)
        }
        self.init(task: task, id: id, queue: queue, arguments: Array(arguments.bytes))
        namedArguments = Array(named.bytes)
    }
}

/// A task's arguments are not of the form that they must have.
public struct ArgumentsNotJSON: Error, Sendable, Hashable, CustomStringConvertible {
    let wanted: String
    public var description: String { "expected the arguments as \(wanted)" }
}
