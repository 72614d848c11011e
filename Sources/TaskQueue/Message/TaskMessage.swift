/// One message of Celery's protocol v2, as it was taken off a list: what a worker needs of it, and all its bytes.
///
/// Decoding is strict in what must be there (`headers.task`, `headers.id`, a body of three elements) and lenient in
/// everything else; what it does not know stays in ``raw`` and survives ``republished(retries:eta:redeliveries:)``.
public struct TaskMessage: Sendable {
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
    /// How often it came back from a worker that died.
    public let redeliveries: Int
    /// The band it is in.
    public let priority: PriorityBand

    let arguments: JSONText
    let namedArguments: JSONText

    /// The header that counts redeliveries; Celery passes unknown headers on.
    static let redeliveriesHeader = "x-redeliveries"

    /// Reads a message.
    ///
    /// - Throws: ``MessageRefusal`` when a worker cannot run it.
    public init(_ raw: [UInt8]) throws(MessageRefusal) {
        self.raw = raw
        let envelope = try Self.json(raw, "the message")
        guard envelope.kind == .object else { throw MessageRefusal(.malformed, "the message is not a JSON object") }
        guard let headers = envelope["headers"], headers.kind == .object else {
            throw MessageRefusal(.malformed, "headers are missing")
        }
        let properties = envelope["properties"]
        guard let task = headers["task"]?.string, !task.isEmpty else {
            throw MessageRefusal(
                .malformed,
                "headers.task, the task's name, is missing or no string (Celery's task_protocol must be 2)")
        }
        guard let id = headers["id"]?.string, !id.isEmpty else {
            throw MessageRefusal(.malformed, "headers.id, the task's id, is missing or no string")
        }
        self.task = task
        self.id = id
        retries = Self.count(headers["retries"])
        redeliveries = Self.count(headers[Self.redeliveriesHeader])
        eta = try Self.time(headers["eta"], "eta")
        expires = try Self.time(headers["expires"], "expires")
        priority = PriorityBand(priority: properties?["priority"]?.integer ?? 0)

        let body = try Self.body(of: envelope, headers, properties)
        let parts = try Self.json(body, "the body").elements
        guard parts.count == 3, parts[0].kind == .array, parts[1].kind == .object else {
            throw MessageRefusal(.malformed, "the body is not [arguments, named arguments, embed]")
        }
        arguments = parts[0]
        namedArguments = parts[1]
        for name in ["callbacks", "errbacks", "chain", "chord"] {
            guard let part = parts[2][name] else { continue }
            let isEmpty = part.kind == .null || (part.kind == .array && part.elements.isEmpty)
            guard isEmpty else {
                throw MessageRefusal(.canvas, "the task has \(name), which this worker cannot continue")
            }
        }
    }

    /// The id in a message that cannot be run, where it can be made out.
    public static func id(of raw: [UInt8]) -> String? {
        (try? JSONText(raw))?["headers"]?["id"]?.string
    }

    /// The task's name in a message that cannot be run, where it can be made out.
    static func taskName(of raw: [UInt8]) -> String? {
        (try? JSONText(raw))?["headers"]?["task"]?.string
    }

    // MARK: - Parts

    /// A count that a stranger wrote: bounded, so that one more can be added to it.
    private static func count(_ value: JSONText?) -> Int {
        min(max(0, value?.integer ?? 0), 1_000_000)
    }

    private static func json(_ bytes: [UInt8], _ what: String) throws(MessageRefusal) -> JSONText {
        do throws(JSONSyntaxError) {
            return try JSONText(bytes)
        } catch {
            throw MessageRefusal(.malformed, "\(what) is not JSON: \(error.reason) at byte \(error.offset)")
        }
    }

    private static func time(_ value: JSONText?, _ name: String) throws(MessageRefusal) -> WireTime? {
        guard let value, value.kind != .null else { return nil }
        guard let text = value.string, let time = WireTime(text) else {
            throw MessageRefusal(.malformed, "headers.\(name) is not an ISO 8601 time")
        }
        return time
    }

    /// The serialized body: encoding first, then compression, then the serializer.
    private static func body(
        of envelope: JSONText, _ headers: JSONText, _ properties: JSONText?
    ) throws(MessageRefusal) -> [UInt8] {
        guard let body = envelope["body"] else { throw MessageRefusal(.malformed, "the body is missing") }
        var bytes = try decoded(body, encoding: properties?["body_encoding"])
        if let compression = headers["compression"], compression.kind != .null {
            bytes = try BodyCompression.decompress(bytes, as: shown(compression))
        }
        guard let contentType = envelope["content-type"]?.string else {
            throw MessageRefusal(.malformed, "content-type is missing")
        }
        guard contentType == "application/json" else {
            throw MessageRefusal(.contentType, "the body is \(contentType); only application/json is accepted")
        }
        return bytes
    }

    private static func decoded(_ body: JSONText, encoding: JSONText?) throws(MessageRefusal) -> [UInt8] {
        if body.kind == .object, let kind = body["__type__"]?.string, let value = body["__value__"]?.string {
            if kind == "base64" { return try base64(value) }
            if kind == "bytes" { return Array(value.utf8) }
        }
        guard let text = body.string else { throw MessageRefusal(.malformed, "the body is no string") }
        switch encoding?.string?.lowercased() ?? "" {
        case "base64": return try base64(text)
        case "", "utf-8": return Array(text.utf8)
        default: throw MessageRefusal(.malformed, "the body_encoding is unknown; use base64 or leave it out")
        }
    }

    private static func base64(_ text: String) throws(MessageRefusal) -> [UInt8] {
        guard let bytes = Base64.decode(text) else { throw MessageRefusal(.malformed, "the body is not base64") }
        return bytes
    }

    private static func shown(_ value: JSONText) -> String {
        value.string ?? "not a string"
    }
}
