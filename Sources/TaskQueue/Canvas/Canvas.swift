/// What is to follow when a task has ended, as its sender asked: the `embed` of Celery's messages.
///
/// Source: the messages that Celery writes for `link`, `link_error`, `chain` and `chord`.
struct Canvas: Sendable {
    /// Each is sent with the task's result.
    private(set) var callbacks: [Signature] = []
    /// Each is sent with the failed task's id.
    private(set) var errbacks: [Signature] = []
    /// The rest of the chain: the last one is the next.
    private(set) var chain: [Signature] = []
    /// What is sent with all results once every part of the task's group has ended.
    private(set) var chord: Signature?

    /// Nothing is to follow.
    var isEmpty: Bool { callbacks.isEmpty && errbacks.isEmpty && chain.isEmpty && chord == nil }

    /// - Throws: ``MessageRefusal`` for what this library cannot continue; it must not be begun then.
    init(embed: JSONText) throws(MessageRefusal) {
        guard embed.bytes.count > 2 else { return }
        var parts: (callbacks: JSONText?, errbacks: JSONText?, chain: JSONText?, chord: JSONText?)
        embed.forEachMember { name, value in
            switch name {
            case "callbacks": parts.callbacks = value
            case "errbacks": parts.errbacks = value
            case "chain": parts.chain = value
            case "chord": parts.chord = value
            default: break
            }
        }
        callbacks = try Self.signatures(parts.callbacks, "callbacks")
        errbacks = try Self.signatures(parts.errbacks, "errbacks")
        chain = try Self.signatures(parts.chain, "chain")
        if let chord = parts.chord, chord.kind != .null { self.chord = try Signature(chord, in: "chord") }
    }

    private static func signatures(_ json: JSONText?, _ part: String) throws(MessageRefusal) -> [Signature] {
        guard let json, json.kind != .null else { return [] }
        // `link` may be one signature or a list of them.
        let all = json.kind == .array ? json.elements : [json]
        var signatures: [Signature] = []
        for json in all { signatures.append(try Signature(json, in: part)) }
        return signatures
    }
}
