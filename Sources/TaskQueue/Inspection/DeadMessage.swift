/// A dead letter's message. Its body is never looked at, so that it also serves for those that no worker can run.
struct DeadMessage {
    let raw: [UInt8]
    private let envelope: JSONText?
    private let properties: JSONText?
    /// Nil when this is no message of Celery's protocol v2.
    private let headers: JSONText?

    init(_ raw: [UInt8]) {
        self.raw = raw
        envelope = try? JSONText(raw)
        properties = envelope?["properties"]
        headers = envelope?["headers"].flatMap { $0["task"]?.string == nil ? nil : $0 }
    }

    /// What may be shown of it.
    var shownHeaders: MessageHeaders? {
        headers.map { headers in
            MessageHeaders(
                task: headers["task"]?.string, id: headers["id"]?.string, retries: headers["retries"]?.integer,
                eta: headers["eta"]?.string, expires: headers["expires"]?.string,
                priority: properties?["priority"]?.integer, origin: headers["origin"]?.string,
                redeliveries: headers[TaskMessage.redeliveriesHeader]?.integer)
        }
    }

    func isExpired(at now: WireTime) -> Bool {
        headers?["expires"]?.string.flatMap(WireTime.init).map { $0 <= now } ?? false
    }

    /// The message as it starts anew: as if it had never been tried, and due at once. What cannot be read stays as it is.
    ///
    /// - Parameter isUnknown: Nobody knows how its last attempt has ended: the next one is that attempt's repetition.
    func revived(isUnknown: Bool) -> [UInt8] {
        guard let envelope, let headers else { return raw }
        let attempts = [TaskMessage.earlierAttemptsHeader, "retries"].reduce(isUnknown ? 0 : 1) {
            min($0 + max(0, headers[$1]?.integer ?? 0), TaskMessage.mostCounted)
        }
        let newHeaders: [(name: String, value: [UInt8])] = [
            ("retries", Array("0".utf8)), ("eta", Array("null".utf8)),
            (TaskMessage.redeliveriesHeader, Array("0".utf8)), (TaskMessage.waitedHeader, Array("false".utf8)),
            (TaskMessage.earlierAttemptsHeader, Array(String(attempts).utf8)),
        ]
        var changes: [(name: String, value: [UInt8])] = [("headers", headers.setting(newHeaders))]
        if let properties, properties.kind == .object {
            // Each publishing needs a tag of its own.
            changes.append(
                ("properties", properties.setting([("delivery_tag", JSONString.encode(DeliveryTag.random()))])))
        }
        return envelope.setting(changes)
    }
}
