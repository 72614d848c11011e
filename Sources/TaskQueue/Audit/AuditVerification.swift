internal import RedisClient

/// An entry as somebody has noted it elsewhere: `42:3f0c…`, or only the first digits of its hash.
public struct AuditMark: Sendable, Hashable {
    /// Fewer digits of a hash would be too easily met.
    private static let fewestDigits = 8

    let number: Int
    let hash: String

    /// Reads a mark; nil when the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[1].allSatisfy(\.isHexDigit),
            (Self.fewestDigits...64).contains(parts[1].count)
        else { return nil }
        self.number = number
        hash = parts[1].lowercased()
    }
}

/// Whether an audit log is as it was written.
public struct AuditVerification: Sendable, Codable, Hashable {
    /// How many entries it has.
    public var entries: Int
    /// How many of them are signed.
    public var signed: Int
    /// The last entry, to be noted elsewhere; nil when there is none.
    public var mark: String?
    /// What is wrong, of much only the first.
    public var findings: [String]

    /// Nothing is wrong.
    public var isIntact: Bool { findings.isEmpty }
}

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
}

/// One walk through an audit log, from its beginning.
struct AuditCheck {
    private static let mostFindings = 20

    private let queue: String
    private let key: AuditKey?
    private let noted: AuditMark?
    private var hash = ""
    private var isNotedThere = false
    private var result = AuditVerification(entries: 0, signed: 0, mark: nil, findings: [])
    private var last = 0

    init(queue: String, key: AuditKey?, noted: AuditMark?) {
        self.queue = queue
        self.key = key
        self.noted = noted
    }

    mutating func look(at entry: StoredAuditEntry) {
        guard entry.number > last else { return find("behind entry \(last) is one that is none of the log") }
        if entry.number > last + 1 { find("\(Self.entries(last + 1, entry.number - 1)) missing") }
        // After a gap the hash before it is not known.
        let isNext = entry.number == last + 1
        if isNext, entry.hash != AuditEntry.hash(of: entry.text, number: entry.number, after: hash) {
            find("entry \(entry.number) is not as it was written, or not where")
        } else if (try? JSONText(Array(entry.text.utf8)))?["queue"]?.string != queue {
            find("entry \(entry.number) is of another queue")
        }
        if let key {
            if let signature = entry.signature {
                if !key.isSignature(signature, of: entry.hash) {
                    find("entry \(entry.number) was not signed with this key")
                }
            } else if result.signed > 0 {
                find("entry \(entry.number) is not signed")
            }
        }
        if let noted, noted.number == entry.number {
            isNotedThere = true
            if !entry.hash.hasPrefix(noted.hash) { find("entry \(entry.number) is not the one that was noted") }
        }
        result.entries += 1
        if entry.signature != nil { result.signed += 1 }
        (last, hash) = (entry.number, entry.hash)
        result.mark = "\(entry.number):\(entry.hash)"
    }

    /// - Parameter number: The number that the stream has given last.
    consuming func finished(lastGiven number: Int) -> AuditVerification {
        if number > last { find("\(Self.entries(last + 1, number)) missing at the end") }
        if let noted, !isNotedThere { find("entry \(noted.number), which was noted, is missing") }
        if key != nil, result.entries > 0, result.signed == 0 { find("no entry is signed") }
        return result
    }

    private mutating func find(_ what: String) {
        if result.findings.count < Self.mostFindings { result.findings.append(what) }
    }

    private static func entries(_ first: Int, _ last: Int) -> String {
        first >= last ? "entry \(first) is" : "entries \(first) to \(last) are"
    }
}
