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
        let limits = json.elements.map { Duration(wireSeconds: $0.double).flatMap { $0 > .zero ? $0 : nil } }
        guard limits.count == 2, limits[0] != nil || limits[1] != nil else { return nil }
        self.init(soft: limits[1], hard: limits[0])
    }

    /// These limits, and for those that they leave out the other ones.
    func filled(from other: TimeLimits) -> TimeLimits {
        TimeLimits(soft: soft ?? other.soft, hard: hard ?? other.hard)
    }

    /// As messages carry them.
    var json: [UInt8] {
        func text(_ limit: Duration?) -> String { limit.map { "\($0 / .seconds(1))" } ?? "null" }
        return Array("[\(text(hard)),\(text(soft))]".utf8)
    }
}
