/// One walk through an audit log: through its archives, if they are given, and then through what is in Redis.
struct AuditCheck {
    private static let mostFindings = 20

    private let queue: String
    private let key: AuditKey?
    private let noted: AuditMark?
    private var isNotedThere = false
    private var result: AuditVerification

    /// The last entry so far; after a gap, or at a place where the walk begins anew, the hash is not known.
    private var last = 0
    private var hash: String? = ""
    /// The first entry, when it is not the one that was ever written first.
    private var first: StoredAuditEntry?
    /// What is kept elsewhere, as entries say.
    private var archived: [AuditMark] = []
    private var lines = 0
    /// Where the archives end.
    private var archiveEnd: AuditMark?
    private var isStreamNext = false

    init(queue: String, key: AuditKey?, noted: AuditMark?) {
        self.queue = queue
        self.key = key
        self.noted = noted
        result = AuditVerification(
            entries: 0, signed: 0, areSignaturesChecked: key != nil, mark: nil, findings: [])
    }

    mutating func look(atLine line: Substring) {
        lines += 1
        guard let entry = StoredAuditEntry(line: line) else { return find("line \(lines) of the archive is no entry") }
        look(at: entry)
    }

    /// What follows is in Redis. Of what is archived a part may still be there, when the archiving was cut off.
    mutating func beginStream() {
        guard last > 0 else { return }
        archiveEnd = AuditMark(number: last, hash: hash ?? "")
        isStreamNext = true
    }

    mutating func look(at entry: StoredAuditEntry) {
        if isStreamNext, (1...last).contains(entry.number) { (last, hash) = (entry.number - 1, nil) }
        isStreamNext = false
        guard entry.number > last else { return find("behind entry \(last) is one that is none of the log") }
        if entry.number > last + 1 {
            hash = nil
            if last == 0 { first = entry } else { find("\(Self.entries(last + 1, entry.number - 1)) missing") }
        }
        let json = try? JSONText(Array(entry.text.utf8))
        if let hash, entry.hash != AuditEntry.hash(of: entry.text, number: entry.number, after: hash) {
            find("entry \(entry.number) is not as it was written, or not where")
        } else if json?["queue"]?.string != queue {
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
        if let archiveEnd, archiveEnd.number == entry.number, archiveEnd.hash != entry.hash {
            find("entry \(entry.number) is not the one that was archived")
        }
        if let mark = json?["archived"]?.string.flatMap(AuditMark.init) { archived.append(mark) }
        if entry.number > archiveEnd?.number ?? 0 {
            result.entries += 1
            if entry.signature != nil { result.signed += 1 }
        }
        (last, hash) = (entry.number, entry.hash)
        result.mark = "\(entry.number):\(entry.hash)"
    }

    /// - Parameter number: The number that the stream has given last.
    consuming func finished(lastGiven number: Int) -> AuditVerification {
        if let first, let finding = finding(before: first) {
            result.findings.insert(finding, at: 0)
        }
        if isStreamNext { find("nothing in Redis goes on from entry \(last), with which the archive ends") }
        if number > last { find("\(Self.entries(last + 1, number)) missing at the end") }
        if let noted, !isNotedThere { find("entry \(noted.number), which was noted, is missing") }
        if key != nil, result.entries > 0, result.signed == 0 { find("no entry is signed") }
        return result
    }

    /// The log may begin later when an entry in it says that all before that were archived, and what the last of them was.
    private func finding(before first: StoredAuditEntry) -> String? {
        let mark = archived.filter { $0.number < first.number }.max { $0.number < $1.number }
        guard let mark, mark.number == first.number - 1 else {
            return "\(Self.entries((mark?.number ?? 0) + 1, first.number - 1)) missing"
        }
        guard first.hash != AuditEntry.hash(of: first.text, number: first.number, after: mark.hash) else { return nil }
        return "entry \(first.number) is not as it was written, or does not follow on what was archived"
    }

    private mutating func find(_ what: String) {
        if result.findings.count < Self.mostFindings { result.findings.append(what) }
    }

    private static func entries(_ first: Int, _ last: Int) -> String {
        first >= last ? "entry \(first) is" : "entries \(first) to \(last) are"
    }
}
