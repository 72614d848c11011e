internal import RedisClient

/// An entry as it stands in Redis.
struct StoredAuditEntry: Sendable {
    let number: Int
    let text: String
    let hash: String
    let signature: String?

    init(number: Int, text: String, hash: String, signature: String?) {
        self.number = number
        self.text = text
        self.hash = hash
        self.signature = signature
    }

    /// One element of `XRANGE`'s reply. What somebody else has put there has neither text nor hash.
    init(_ reply: RESPValue) throws(RedisError) {
        let parts = try reply.array
        var fields: [String: String] = [:]
        for field in try parts[1].map {
            fields[String(decoding: try field.key.bytes, as: UTF8.self)] = String(
                decoding: try field.value.bytes, as: UTF8.self)
        }
        self.init(
            number: Self.number(try parts[0].text) ?? 0, text: fields["entry"] ?? "", hash: fields["hash"] ?? "",
            signature: fields["signature"])
    }

    /// The number of the entry with that id: `42-0`.
    static func number(_ id: String) -> Int? { id.split(separator: "-").first.flatMap { Int($0) } }

    var fields: [String] {
        ["entry", text, "hash", hash] + (signature.map { ["signature", $0] } ?? [])
    }

    // MARK: - In archives

    /// An entry as a line of an archive; nil for any other text.
    init?(line: Substring) {
        guard let json = try? JSONText(Array(line.utf8)), let number = json["number"]?.integer, number > 0,
            let text = json["entry"]?.string, let hash = json["hash"]?.string
        else { return nil }
        self.init(number: number, text: text, hash: hash, signature: json["signature"]?.string)
    }

    /// The entry as a line of an archive, without the line's end.
    var line: String {
        var writer = JSONObjectWriter()
        writer.add("number", number)
        writer.add("entry", text)
        writer.add("hash", hash)
        if let signature { writer.add("signature", signature) }
        return String(decoding: writer.finished(), as: UTF8.self)
    }
}
