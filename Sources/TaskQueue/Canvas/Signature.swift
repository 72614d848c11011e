/// A call that is to be made later, as messages carry it.
struct Signature: Sendable {
    /// The whole of it, to be passed on.
    let json: JSONText
    let task: String
    private let arguments: JSONText?
    private let namedArguments: JSONText?
    private let options: JSONText?
    /// It does not want the value of what went before.
    private let isImmutable: Bool

    /// - Parameter part: Where it stands, for the refusal's text.
    /// - Throws: ``MessageRefusal`` for a composite, such as a group inside a chain.
    init(_ json: JSONText, in part: String) throws(MessageRefusal) {
        guard json.kind == .object, let task = json["task"]?.string else {
            throw MessageRefusal(.canvas, "the \(part) hold something that is no signature of a task")
        }
        let kind = json["subtask_type"]
        guard kind == nil || kind?.kind == .null, !task.hasPrefix("celery.") else {
            throw MessageRefusal(
                .canvas, "the \(part) hold a \(kind?.string ?? task), which only a Celery worker can continue")
        }
        self.json = json
        self.task = task
        arguments = json["args"]
        namedArguments = json["kwargs"]
        options = json["options"]
        isImmutable = json["immutable"]?.boolean ?? false
    }

    /// The id that its task will have, when the sender has chosen one.
    var taskID: String? { options?["task_id"]?.string }

    /// The chord or group of which its task is a part, and the task's place there.
    var group: String? { options?["group_id"]?.string }
    var groupIndex: Int? { options?["group_index"]?.integer }

    /// The body of that chord.
    var chord: Signature? {
        guard let chord = options?["chord"], chord.kind != .null else { return nil }
        return try? Signature(chord, in: "chord")
    }

    /// What is to follow when its task fails.
    var errbacks: [Signature] {
        guard let links = options?["link_error"] else { return [] }
        return (links.kind == .array ? links.elements : [links]).compactMap { try? Signature($0, in: "link_error") }
    }

    /// The task to send.
    ///
    /// - Parameters:
    ///   - parent: The task that it follows from.
    ///   - place: Its place among those that follow: when its sender has chosen no id, the parent's id and the place
    ///     make one, which is the same when the parent has to run again.
    ///   - value: What is put before its own arguments, as JSON.
    ///   - chain: What follows after it in turn, the next one last.
    ///   - queue: Where it goes when it does not say.
    ///   - now: The time from which its countdown and expiry count.
    func task(
        following parent: TaskMessage, at place: Int = 0, value: [UInt8], chain: [Signature] = [], queue: String,
        now: WireTime
    ) -> OutgoingTask {
        let options = self.options
        var task = OutgoingTask(
            task: self.task, id: TaskID(taskID ?? "\(parent.id)-\(place)"),
            queue: options?["queue"]?.string ?? options?["routing_key"]?.string ?? queue,
            arguments: allArguments(value))
        task.namedArguments = namedArguments.map { Array($0.bytes) } ?? task.namedArguments
        task.embed = embed(chain)
        task.sent = now
        task.priority = options?["priority"]?.integer ?? 0
        task.eta = time(options?["eta"], now) ?? time(options?["countdown"], now)
        task.expires = time(options?["expires"], now)
        task.ignoresResult = options?["ignore_result"]?.boolean ?? false
        let limits = TimeLimits(
            soft: Duration(wireSeconds: options?["soft_time_limit"]?.double),
            hard: Duration(wireSeconds: options?["time_limit"]?.double))
        if limits != TimeLimits() { task.timeLimits = limits }
        task.rootID = parent.header("root_id") ?? parent.id
        task.parentID = parent.id
        task.group = group
        task.groupIndex = groupIndex
        task.replyTo = options?["reply_to"]?.string ?? parent.properties?["reply_to"]?.string
        task.origin = parent.header("origin")
        for (name, value) in options?["headers"]?.members ?? [] {
            if let text = value.string { task.headers[name] = text }
        }
        if let names = options?["stamped_headers"], names.kind == .array {
            task.stamps.append(("stamped_headers", Array(names.bytes)))
            task.stamps += names.elements.compactMap { name in
                guard let name = name.string, let stamp = options?[name] else { return nil }
                return (name, Array(stamp.bytes))
            }
        }
        return task
    }

    private func allArguments(_ value: [UInt8]) -> [UInt8] {
        let own = arguments.map(\.elements)?.map(\.bytes) ?? []
        let all = isImmutable ? own : [value[...]] + own
        return JSONText.array(of: all)
    }

    private func embed(_ chain: [Signature]) -> [UInt8] {
        var embed = JSONObjectWriter()
        for (name, option) in [("callbacks", "link"), ("errbacks", "link_error")] {
            guard let links = options?[option], links.kind != .null else { continue }
            embed.add(name, json: links.kind == .array ? Array(links.bytes) : JSONText.array(of: [links.bytes]))
        }
        let rest = options?["chain"].map(\.elements) ?? []
        if !chain.isEmpty || !rest.isEmpty {
            embed.add("chain", json: JSONText.array(of: (chain.map(\.json) + rest).map(\.bytes)))
        }
        if let chord = options?["chord"], chord.kind != .null { embed.add("chord", json: chord.bytes) }
        return embed.finished()
    }

    /// Seconds from now, or ISO 8601 text.
    private func time(_ value: JSONText?, _ now: WireTime) -> WireTime? {
        if let text = value?.string { return WireTime(text) }
        return Duration(wireSeconds: value?.double).map { now.adding($0) }
    }
}
