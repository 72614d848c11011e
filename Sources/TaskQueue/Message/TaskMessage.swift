/// One message of Celery's protocol v2, as it was taken off a list: what a worker needs of it, and all its bytes.
///
/// Decoding is strict in what must be there (`headers.task`, `headers.id`, a body of three elements) and lenient in
/// everything else; what it does not know stays in ``raw`` and survives ``republished(retries:eta:redeliveries:hasWaited:)``.
///
/// A class, although a value by its nature: it has many parts, and goes through many hands.
public final class TaskMessage: Sendable {
    /// The message's bytes, untouched.
    public let raw: [UInt8]
    /// The task's registered name.
    public let task: String
    /// The task's id; a retry keeps it.
    public let id: String
    /// How many times it was retried already.
    public let retries: Int
    /// It must not run before.
    public let eta: WireTime?
    /// It must not run after.
    public let expires: WireTime?
    /// How long it may run; nil: what the task's options say.
    public let timeLimits: TimeLimits?
    /// How often it came back from a worker that died.
    public let redeliveries: Int
    /// How many attempts there were before it was put back from the dead letters.
    public let earlierAttempts: Int
    /// A worker had it before, and it only waited (``TaskRetry/waiting(_:for:)``): nothing was tried.
    public let hasWaited: Bool
    /// The band it is in.
    public let priority: PriorityBand
    /// The sender wants no result to be stored, or wants one; nil: what the task's options say.
    public let ignoresResult: Bool?

    let headers: JSONText
    let properties: JSONText?
    let arguments: JSONText
    let namedArguments: JSONText
    /// What follows when the task has ended.
    let canvas: Canvas

    /// The header that counts redeliveries; Celery passes unknown headers on.
    static let redeliveriesHeader = "x-redeliveries"
    /// The header that counts the attempts before a person let it be tried again.
    static let earlierAttemptsHeader = "x-earlier-attempts"
    /// The header of what has only waited.
    static let waitedHeader = "x-waited"

    /// Reads a message.
    ///
    /// - Throws: ``MessageRefusal`` when a worker cannot run it.
    public init(_ raw: [UInt8]) throws(MessageRefusal) {
        self.raw = raw
        let envelope = try Self.checked("the message") { () throws(JSONSyntaxError) in try Envelope(raw) }
        guard envelope.json.kind == .object else {
            throw MessageRefusal(.malformed, "the message is not a JSON object")
        }
        guard let headers = envelope.headers, headers.kind == .object else {
            throw MessageRefusal(.malformed, "headers are missing")
        }
        let fields = HeaderFields(headers)
        guard let task = fields.task?.string, !task.isEmpty else {
            throw MessageRefusal(
                .malformed,
                "headers.task, the task's name, is missing or no string (Celery's task_protocol must be 2)")
        }
        guard let id = fields.id?.string, !id.isEmpty else {
            throw MessageRefusal(.malformed, "headers.id, the task's id, is missing or no string")
        }
        let body = try envelope.body(compression: fields.compression)
        let parts = try Self.checked("the body") { () throws(JSONSyntaxError) in try JSONText(body) }.elements
        guard parts.count == 3, parts[0].kind == .array, parts[1].kind == .object else {
            throw MessageRefusal(.malformed, "the body is not [arguments, named arguments, embed]")
        }
        self.headers = headers
        properties = envelope.properties
        arguments = parts[0]
        namedArguments = parts[1]
        canvas = try Canvas(embed: parts[2])
        self.task = task
        self.id = id
        retries = Self.count(fields.retries)
        redeliveries = Self.count(fields.redeliveries)
        earlierAttempts = Self.count(fields.earlierAttempts)
        hasWaited = fields.waited?.boolean ?? false
        eta = try Self.time(fields.eta, "eta")
        expires = try Self.time(fields.expires, "expires")
        timeLimits = TimeLimits(fields.timeLimits)
        ignoresResult = fields.ignoresResult?.boolean
        readySince = envelope.readySince(eta: eta)
        priority = PriorityBand(priority: envelope.priority?.integer ?? 0)
    }

    /// A header's value as text, for headers of the sender's own such as a trace's context; nil for other kinds.
    public func header(_ name: String) -> String? {
        headers[name]?.string
    }

    /// Since when it could have been run, by its sender's clock: since it was sent, or since its time has come. Nil when
    /// the sender does not say, as Celery does not.
    public let readySince: WireTime?

    /// The id in a message that cannot be run, where it can be made out.
    public static func id(of raw: [UInt8]) -> String? {
        (try? JSONText(raw))?["headers"]?["id"]?.string
    }

    /// The task's name in a message that cannot be run, where it can be made out.
    static func taskName(of raw: [UInt8]) -> String? {
        (try? JSONText(raw))?["headers"]?["task"]?.string
    }

    // MARK: - Parts

    private static func checked<Value>(
        _ what: String, _ read: () throws(JSONSyntaxError) -> Value
    ) throws(MessageRefusal) -> Value {
        do throws(JSONSyntaxError) {
            return try read()
        } catch {
            throw MessageRefusal(.malformed, "\(what) is not JSON: \(error.reason) at byte \(error.offset)")
        }
    }

    /// A count that a stranger wrote: bounded, so that one more can be added to it.
    private static func count(_ value: JSONText?) -> Int {
        min(max(0, value?.integer ?? 0), mostCounted)
    }

    static let mostCounted = 1_000_000

    private static func time(_ value: JSONText?, _ name: String) throws(MessageRefusal) -> WireTime? {
        guard let value, value.kind != .null else { return nil }
        guard let text = value.string, let time = WireTime(text) else {
            throw MessageRefusal(.malformed, "headers.\(name) is not an ISO 8601 time")
        }
        return time
    }
}

/// The headers that a worker looks at, found in one pass.
private struct HeaderFields {
    var task, id, retries, redeliveries, eta, expires, timeLimits, ignoresResult, compression: JSONText?
    var earlierAttempts, waited: JSONText?

    init(_ headers: JSONText) {
        var fields = Self()
        headers.forEachMember { name, value in
            switch name {
            case "task": fields.task = value
            case "id": fields.id = value
            case "retries": fields.retries = value
            case "eta": fields.eta = value
            case "expires": fields.expires = value
            case "timelimit": fields.timeLimits = value
            case "ignore_result": fields.ignoresResult = value
            case "compression": fields.compression = value
            case "x-redeliveries": fields.redeliveries = value
            case "x-earlier-attempts": fields.earlierAttempts = value
            case "x-waited": fields.waited = value
            default: break
            }
        }
        self = fields
    }

    private init() {}
}
