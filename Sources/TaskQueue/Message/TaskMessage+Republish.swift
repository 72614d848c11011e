extension TaskMessage {
    /// The same message, to be put on a list or into the schedule again: everything that is not named here is kept, also
    /// what this program does not know. It gets a new delivery tag, as each publishing needs one of its own.
    ///
    /// - Parameters:
    ///   - retries: The new count of retries, nil to keep it.
    ///   - eta: The time before which it must not run, nil to keep it.
    ///   - redeliveries: How often it came back from a dead worker; sets Celery's marks of a redelivery too.
    ///   - hasWaited: It was not tried, as it has to wait for something.
    public func republished(
        retries: Int? = nil, eta: WireTime? = nil, redeliveries: Int? = nil, hasWaited: Bool = false
    ) -> [UInt8] {
        guard let envelope = try? JSONText(raw) else { return raw }
        var newHeaders: [(name: String, value: [UInt8])] = []
        var newProperties: [(name: String, value: [UInt8])] = [
            ("delivery_tag", JSONString.encode(DeliveryTag.random()))
        ]
        if let retries { newHeaders.append(("retries", Array(String(retries).utf8))) }
        if let eta { newHeaders.append(("eta", JSONString.encode(eta.text))) }
        if hasWaited != self.hasWaited {
            newHeaders.append((Self.waitedHeader, Array(String(hasWaited).utf8)))
        }
        if let redeliveries {
            newHeaders.append((Self.redeliveriesHeader, Array(String(redeliveries).utf8)))
            newHeaders.append(("redelivered", Array("true".utf8)))
            if let info = properties?["delivery_info"], info.kind == .object {
                newProperties.append(("delivery_info", info.setting([("redelivered", Array("true".utf8))])))
            }
        }
        var changes: [(name: String, value: [UInt8])] = [
            ("properties", (properties ?? .emptyObject).setting(newProperties))
        ]
        if !newHeaders.isEmpty { changes.append(("headers", headers.setting(newHeaders))) }
        return envelope.setting(changes)
    }
}
