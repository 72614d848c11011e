internal import RedisClient

/// The end of a task, for all who wait for it: those who want its result, when it has failed those who want the results
/// of the rest of its chain, which will never run, and the chords of which it or the rest are parts.
struct FinalResult: Sendable {
    let document: ResultDocument
    let message: TaskMessage
    let queue: String

    /// - Parameter isWanted: The task's own result is to be stored. A chord goes on without it all the same.
    /// - Returns: False when it has to be done again later.
    func store(in results: ResultBackend, _ broker: Broker, isWanted: Bool) async throws(RedisError) -> Bool {
        if isWanted { try await results.store(document) }
        var isDone = try await count(
            document, for: message.canvas.chord, group: message.header("group"),
            index: message.headers["group_index"]?.integer, results, broker)
        guard document.status != .success else { return isDone }
        for link in message.canvas.chain {
            guard let id = link.taskID else { continue }
            var document = ResultDocument(document.status, document.result, id: id)
            document.group = link.group
            try await results.store(document)
            let isCounted = try await count(
                document, for: link.chord, group: link.group, index: link.groupIndex, results, broker)
            isDone = isDone && isCounted
        }
        return isDone
    }

    private func count(
        _ document: ResultDocument, for body: Signature?, group: String?, index: Int?, _ results: ResultBackend,
        _ broker: Broker
    ) async throws(RedisError) -> Bool {
        guard let body, let group else { return true }
        let part = ChordPart(
            body: body, group: group, index: index, document: document, message: message, queue: queue)
        return try await part.count(in: results, broker)
    }
}
