/// How long one attempt of a task may run.
public struct TimeLimits: Sendable, Hashable {
    /// After so long the task's body is cancelled; what it then throws counts as a failure that may be retried. Nil: never.
    public var soft: Duration?
    /// After so long the worker gives the attempt up: the message goes to the dead letters with the reason `time-limit`.
    /// The body is cancelled, but Swift cannot stop one that does not heed it: it keeps its place until it ends. Nil:
    /// never.
    public var hard: Duration?

    /// Limits, each of which may be nil.
    public init(soft: Duration? = nil, hard: Duration? = nil) {
        self.soft = soft
        self.hard = hard
    }

    /// `[hard, soft]` in seconds, as messages carry them; nil when there is neither.
    init?(_ json: JSONText?) {
        guard let json, json.kind == .array else { return nil }
        let seconds = json.elements.map { $0.double.flatMap { $0 > 0 ? $0 : nil } }
        guard seconds.count == 2, seconds[0] != nil || seconds[1] != nil else { return nil }
        self.init(soft: seconds[1].map { .seconds($0) }, hard: seconds[0].map { .seconds($0) })
    }

    /// As messages carry them.
    var json: [UInt8] {
        func text(_ limit: Duration?) -> String { limit.map { "\($0 / .seconds(1))" } ?? "null" }
        return Array("[\(text(hard)),\(text(soft))]".utf8)
    }
}
