internal import RedisClient

/// The end of one part of a chord: a group of tasks after which its body is called with all their results.
struct ChordPart: Sendable {
    /// What is called after all parts.
    let body: Signature
    /// The chord's id.
    let group: String
    /// The part's place among the others.
    let index: Int?
    /// How the part has ended.
    let document: ResultDocument
    /// The task that has ended: the part, or one after which the part was to follow.
    let message: TaskMessage
    let queue: String

    /// Counts the part, and when it is the last one, sends the chord's body; if a part has failed, its error callbacks.
    /// False when it has to be counted again later: somebody else is about to send the body, and may fail to.
    func count(in results: ResultBackend, _ broker: Broker) async throws(RedisError) -> Bool {
        let parts: [JSONText]
        switch try await results.countPart(document, group: group, index: index) {
        case .counted: return true
        case .reserved: return false
        case .complete(let all): parts = all
        }
        let fields = parts.map(\.elements).filter { $0.count == 4 }
        if let failed = fields.first(where: { $0[2].string != ResultDocument.Status.success.rawValue }) {
            try await fail(body, failed, results, broker)
        } else {
            let list = JSONText.array(of: fields.map { $0[3].bytes })
            try await broker.send([
                FollowingMessage(
                    body.task(following: message, value: list, queue: queue, now: broker.clock.now))
            ])
        }
        try await results.endChord(group)
        return true
    }

    private func fail(
        _ body: Signature, _ part: [JSONText], _ results: ResultBackend, _ broker: Broker
    ) async throws(RedisError) {
        let id = body.taskID ?? ""
        let text = "Dependency \(part[1].string ?? "?") raised \(part[3]["exc_type"]?.string ?? "an error")"
        if !id.isEmpty {
            try await results.store(ResultDocument(.failure, ExceptionDocument.celery("ChordError", text).json, id: id))
        }
        let value = JSONString.encode(id)
        try await broker.send(
            body.errbacks.enumerated().map { place, errback in
                FollowingMessage(
                    errback.task(following: message, at: place, value: value, queue: queue, now: broker.clock.now))
            })
    }
}
