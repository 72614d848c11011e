/// The result of a task as Celery stores it.
struct ResultDocument: Sendable {
    enum Status: String, Sendable {
        case started = "STARTED"
        case success = "SUCCESS"
        case failure = "FAILURE"
        case retry = "RETRY"
        case revoked = "REVOKED"

        var isFinal: Bool { self == .success || self == .failure || self == .revoked }
    }

    var id: String
    var status: Status
    /// The value as JSON; for what is no success an exception.
    var result: [UInt8]
    /// Ids of the tasks that follow from this one.
    var children: [String] = []
    var group: String?
    var parentID: String?

    /// The result of a message's task.
    init(_ status: Status, _ result: [UInt8], of message: TaskMessage) {
        self.init(status, result, id: message.id)
        group = message.header("group")
        parentID = message.header("parent_id")
    }

    init(_ status: Status, _ result: [UInt8], id: String) {
        self.id = id
        self.status = status
        self.result = result
    }

    func encoded(at time: WireTime) -> [UInt8] {
        var document = JSONObjectWriter()
        document.add("status", status.rawValue)
        document.add("result", json: result)
        document.add("traceback", nil)
        let children = children.map { "[[\(JSONString.literal($0)), null], null]" }
        document.add("children", json: "[\(children.joined(separator: ", "))]".utf8)
        document.add("date_done", status.isFinal ? time.text : nil)
        if let group { document.add("group_id", group) }
        if let parentID { document.add("parent_id", parentID) }
        document.add("task_id", id)
        return document.finished()
    }
}

/// An error in the form from which a Celery client makes an exception.
struct ExceptionDocument: Sendable {
    var type: String
    var module: String
    /// What the exception is made with, as JSON; nothing confidential.
    var arguments: [[UInt8]]

    /// One of Celery's own exceptions.
    static func celery(_ type: String, _ arguments: String..., module: String = "celery.exceptions") -> Self {
        Self(type: type, module: module, arguments: arguments.map { JSONString.encode($0) })
    }

    /// What a task has thrown. Our own errors hold nothing confidential, of a stranger's only the type is told.
    init(_ error: any Error) {
        if let exceeded = error as? TimeLimitExceeded {
            self = Self(exceeded)
            return
        }
        // `Module.Outer.Name`: in a module of its own, so that no Python name is meant by accident.
        let name = String(reflecting: Swift.type(of: error)).split(separator: ".").map(String.init)
        type = name.last ?? "Error"
        module = (["swift"] + name.dropLast()).joined(separator: ".")
        arguments = describe(error).map { [JSONString.encode($0)] } ?? []
    }

    /// As the pool of Celery's workers raises it: the hard limit with its seconds, the soft one without.
    private init(_ exceeded: TimeLimitExceeded) {
        self.init(
            type: exceeded.isHard ? "TimeLimitExceeded" : "SoftTimeLimitExceeded", module: "billiard.exceptions",
            arguments: exceeded.isHard ? [Array("\(exceeded.limit / .seconds(1))".utf8)] : [])
    }

    private init(type: String, module: String, arguments: [[UInt8]]) {
        self.type = type
        self.module = module
        self.arguments = arguments
    }

    /// Of a message that cannot be run.
    init(_ refusal: MessageRefusal, task: String?) {
        self =
            switch refusal.reason {
            case .unknownTask: .celery("NotRegistered", task ?? "?")
            case .contentType: .celery("ContentDisallowed", refusal.message, module: "kombu.exceptions")
            case .malformed, .compression: .celery("DecodeError", refusal.message, module: "kombu.exceptions")
            case .arguments: .celery("TypeError", refusal.message, module: "builtins")
            case .canvas: .celery("ImproperlyConfigured", refusal.message)
            }
    }

    var json: [UInt8] {
        var document = JSONObjectWriter()
        document.add("exc_type", type)
        document.add(
            "exc_message", json: Array("[".utf8) + arguments.joined(separator: ", ".utf8) + Array("]".utf8))
        document.add("exc_module", module)
        return document.finished()
    }
}

/// What may be said of an error: our own texts hold nothing confidential, a stranger's may.
func describe(_ error: any Error) -> String? {
    switch error {
    case let retry as TaskRetry: retry.description
    case let rejection as TaskRejection: rejection.description
    case let hold as TaskHold: hold.description
    case let limit as TimeLimitExceeded: limit.description
    default: nil
    }
}
