/// A message that this program sends: Celery's protocol v2, JSON, with the body as plain text so that a person reads it
/// with `redis-cli`.
struct NewMessage {
    var task: String
    var id: TaskID
    /// The body's first two elements, as JSON.
    var arguments: [UInt8]
    var namedArguments = Array("{}".utf8)
    /// What logs and monitors show of the arguments: nothing confidential.
    var argumentsForDisplay: String
    var queue: String
    var priority: Int = 0
    var eta: WireTime?
    var expires: WireTime?
    /// The sender, `gen<pid>@<host>` in Celery.
    var origin: String

    func encoded() -> [UInt8] {
        var headers = JSONObjectWriter()
        headers.add("lang", "py")
        headers.add("task", task)
        headers.add("id", id.text)
        headers.add("root_id", id.text)
        headers.add("parent_id", nil)
        headers.add("group", nil)
        headers.add("retries", 0)
        headers.add("eta", eta?.text)
        headers.add("expires", expires?.text)
        headers.add("timelimit", json: "[null,null]".utf8)
        headers.add("argsrepr", argumentsForDisplay)
        headers.add("kwargsrepr", "{}")
        headers.add("origin", origin)
        headers.add("ignore_result", json: "false".utf8)

        var deliveryInfo = JSONObjectWriter()
        deliveryInfo.add("exchange", "")
        deliveryInfo.add("routing_key", queue)

        var properties = JSONObjectWriter()
        properties.add("correlation_id", id.text)
        properties.add("delivery_mode", 2)
        properties.add("delivery_info", json: deliveryInfo.finished())
        properties.add("priority", priority)
        properties.add("delivery_tag", TaskID.random().text)

        var body: [UInt8] = []
        JSONString.append(
            Array("[".utf8) + arguments + Array(",".utf8) + namedArguments + Array(",{}]".utf8), to: &body)

        var envelope = JSONObjectWriter()
        envelope.add("body", json: body)
        envelope.add("content-encoding", "utf-8")
        envelope.add("content-type", "application/json")
        envelope.add("headers", json: headers.finished())
        envelope.add("properties", json: properties.finished())
        return envelope.finished()
    }
}
