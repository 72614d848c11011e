/// A task that is about to be sent: Celery's protocol v2, JSON, with the body as plain text so that a person reads it
/// with `redis-cli`. What means nothing to the receiver is left out: a short message is cheap to keep and to move.
public struct OutgoingTask: Sendable {
    /// The task's registered name.
    public let task: String
    /// The task's id.
    public let id: TaskID
    /// The queue that it goes to.
    public var queue: String
    /// 0, the most urgent, to 9.
    public var priority = 0
    /// When it was sent, from which receivers reckon how long it has waited; nil: when it is encoded.
    public var sent: WireTime?
    /// It must not run before.
    public var eta: WireTime?
    /// It must not run after.
    public var expires: WireTime?
    /// How long it may run; nil: what the receiver's options say.
    public var timeLimits: TimeLimits?
    /// No result is to be stored.
    public var ignoresResult = false
    /// Headers of the sender's own, such as a trace's context. They travel with every retry. Those of Celery itself, such
    /// as `task` or `retries`, cannot be set here.
    public var headers: [String: String] = [:]

    /// The body's parts, as JSON.
    var arguments: [UInt8]
    var namedArguments = Array("{}".utf8)
    var embed = Array("{}".utf8)
    /// What logs and monitors show of the arguments: nothing confidential.
    var argumentsForDisplay: String?
    /// The sender, `gen<pid>@<host>` in Celery.
    var origin: String?
    /// Of a task that follows from another one.
    var rootID: String?
    var parentID: String?
    var group: String?
    var groupIndex: Int?
    var replyTo: String?
    /// The stamps of the task that it follows from, and their names.
    var stamps: [(name: String, json: [UInt8])] = []

    init(task: String, id: TaskID = .random(), queue: String, arguments: [UInt8]) {
        self.task = task
        self.id = id
        self.queue = queue
        self.arguments = arguments
    }

    private static let ownHeaders: Set = [
        "task", "id", "retries", "eta", "expires", "timelimit", "root_id", "parent_id", "group", "group_index",
        "argsrepr", "kwargsrepr", "origin", "ignore_result", "compression", "lang", "shadow", "stamped_headers",
        "stamps",
        "redelivered", TaskMessage.redeliveriesHeader,
    ]

    /// The list that it goes to.
    var list: String { PriorityBand(priority: priority).list(of: queue) }

    func encoded() -> [UInt8] {
        var envelope = JSONObjectWriter()
        envelope.add(
            "body", quoting: [UInt8(ascii: "[")], arguments, [UInt8(ascii: ",")], namedArguments,
            [UInt8(ascii: ",")], embed, [UInt8(ascii: "]")])
        envelope.add("content-type", "application/json")
        envelope.addObject("headers") { headers in
            headers.add("task", task)
            headers.add("id", id.text)
            // Celery's own retry adds to it.
            headers.add("retries", 0)
            if let eta { headers.add("eta", eta.text) }
            if let expires { headers.add("expires", expires.text) }
            if let timeLimits { headers.add("timelimit", json: timeLimits.json) }
            if let rootID { headers.add("root_id", rootID) }
            if let parentID { headers.add("parent_id", parentID) }
            if let group { headers.add("group", group) }
            if let groupIndex { headers.add("group_index", groupIndex) }
            if let argumentsForDisplay { headers.add("argsrepr", argumentsForDisplay) }
            if let origin { headers.add("origin", origin) }
            if ignoresResult { headers.add("ignore_result", true) }
            for (name, json) in stamps { headers.add(name, json: json) }
            for (name, text) in self.headers where !Self.ownHeaders.contains(name) {
                headers.add(name, json: JSONString.encode(text))
            }
        }
        envelope.addObject("properties") { properties in
            properties.add("delivery_tag", DeliveryTag.random(at: sent ?? .now))
            properties.addObject("delivery_info") { info in
                info.add("exchange", "")
                info.add("routing_key", queue)
            }
            if priority != 0 { properties.add("priority", priority) }
            if let replyTo {
                properties.add("reply_to", replyTo)
                properties.add("correlation_id", id.text)
            }
        }
        return envelope.finished()
    }
}
