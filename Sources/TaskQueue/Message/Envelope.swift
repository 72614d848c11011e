/// The outer form of every message of Celery on Redis: a task, an event, a command to workers and its answer.
struct Envelope {
    let json: JSONText
    let headers: JSONText?
    let properties: JSONText?
    let priority: JSONText?
    /// When it was put on its list, by its sender's clock; nil when the sender does not say.
    let published: WireTime?
    private let body: JSONText?
    private let bodyEncoding: JSONText?
    private let contentType: JSONText?

    /// - Throws: ``JSONSyntaxError`` for what is not JSON.
    init(_ raw: [UInt8]) throws(JSONSyntaxError) {
        var parts: (headers: JSONText?, properties: JSONText?, body: JSONText?, contentType: JSONText?)
        json = try JSONText.checking(raw) { name, value in
            switch name {
            case "headers": parts.headers = value
            case "properties": parts.properties = value
            case "body": parts.body = value
            case "content-type": parts.contentType = value
            default: break
            }
        }
        (headers, properties, body, contentType) = parts
        var more: (priority: JSONText?, bodyEncoding: JSONText?, published: WireTime?)
        properties?.forEachMember { name, value in
            switch name {
            case "priority": more.priority = value
            case "body_encoding": more.bodyEncoding = value
            case "delivery_tag": more.published = DeliveryTag.time(of: value)
            default: break
            }
        }
        (priority, bodyEncoding, published) = more
    }

    /// Since when it could have been run: since it was published, or since the time came before which it must not. Nil
    /// when its sender does not say.
    func readySince(eta: WireTime?) -> WireTime? { published.map { max($0, eta ?? $0) } }

    /// The serialized body: encoding first, then compression, then the serializer.
    func body(compression: JSONText?) throws(MessageRefusal) -> [UInt8] {
        guard let body else { throw MessageRefusal(.malformed, "the body is missing") }
        var bytes = try decoded(body)
        if let compression, compression.kind != .null {
            bytes = try BodyCompression.decompress(bytes, as: compression.string ?? "not a string")
        }
        guard let contentType = contentType?.string else {
            throw MessageRefusal(.malformed, "content-type is missing")
        }
        guard contentType == "application/json" else {
            throw MessageRefusal(.contentType, "the body is \(contentType); only application/json is accepted")
        }
        return bytes
    }

    private func decoded(_ body: JSONText) throws(MessageRefusal) -> [UInt8] {
        if body.kind == .object, let kind = body["__type__"]?.string, let value = body["__value__"] {
            if kind == "base64" { return try Self.base64(value) }
            if kind == "bytes", let bytes = value.stringBytes { return bytes }
        }
        guard body.kind == .string else { throw MessageRefusal(.malformed, "the body is no string") }
        switch bodyEncoding?.string?.lowercased() ?? "" {
        case "base64": return try Self.base64(body)
        case "", "utf-8": return body.stringBytes ?? []
        default: throw MessageRefusal(.malformed, "the body_encoding is unknown; use base64 or leave it out")
        }
    }

    private static func base64(_ text: JSONText) throws(MessageRefusal) -> [UInt8] {
        guard let text = text.string, let bytes = Base64.decode(text) else {
            throw MessageRefusal(.malformed, "the body is not base64")
        }
        return bytes
    }
}
