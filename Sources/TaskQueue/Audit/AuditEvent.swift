/// What somebody does to a queue, as it is written down: what could be a phone number is masked then.
public struct AuditEvent: Sendable, Hashable {
    /// How far a change is.
    public enum State: String, Sendable, Codable, Hashable {
        /// It is about to be made.
        case begun
        /// It was made.
        case done
        /// It was not made, or only a part of it.
        case failed
    }

    /// Who does it: a person on a machine, `ada@web1`.
    public var actor: String
    /// What is done, in the words of the tool: `dead delete`.
    public var action: String
    /// To what: ids, or the conditions that were given.
    public var subject: String
    /// How far it is.
    public var state: State
    /// How many messages or lines it concerned; nil when that is not known, or it is no matter of numbers.
    public var count: Int?
    /// The entry that says that it begins; nil for that entry itself.
    public var beginning: Int?

    /// An event.
    public init(
        actor: String, action: String, subject: String = "", state: State = .done, count: Int? = nil,
        beginning: Int? = nil
    ) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.state = state
        self.count = count
        self.beginning = beginning
    }

    /// As it is stored: JSON on one line.
    func text(queue: String, time: WireTime) -> String {
        var writer = JSONObjectWriter()
        writer.add("time", time.text)
        writer.add("queue", queue)
        writer.add("actor", actor)
        writer.add("action", action)
        writer.add("subject", Self.masking(subject))
        writer.add("state", state.rawValue)
        if let count { writer.add("count", count) }
        if let beginning { writer.add("beginning", beginning) }
        return String(decoding: writer.finished(), as: UTF8.self)
    }

    /// Hides the middle of whatever could be a phone number: nine digits or more one after the other, or with nothing but
    /// separators between them unless letters touch them, as in times. UUIDs stay as they are.
    public static func masking(_ text: String) -> String {
        var masked = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: \.isWordCharacter) {
            masked += rest[..<start]
            rest = rest[start...]
            let run = rest.prefix { $0.isASCIIDigit || separators.contains($0) }
            let number = run.lastIndex(where: \.isASCIIDigit).map { run[...$0] } ?? run.prefix(0)
            let next = rest[number.endIndex...].first ?? " "
            if number.count(where: \.isASCIIDigit) >= fewestDigits, !next.isWordCharacter, next != "-" {
                masked += ArgumentDisplay.masked(String(number))
                rest = rest[number.endIndex...]
            } else {
                let word = rest.prefix { $0.isWordCharacter || $0 == "-" }
                masked += isUUID(word) ? String(word) : maskingDigits(word)
                rest = rest[word.endIndex...]
            }
        }
        return masked + rest
    }

    private static func isUUID(_ word: Substring) -> Bool {
        word.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
    }

    private static func maskingDigits(_ word: Substring) -> String {
        var (masked, rest) = ("", word)
        while let start = rest.firstIndex(where: \.isASCIIDigit) {
            let number = rest[start...].prefix(while: \.isASCIIDigit)
            masked += rest[..<start]
            masked += number.count >= fewestDigits ? ArgumentDisplay.masked(String(number)) : String(number)
            rest = rest[number.endIndex...]
        }
        return masked + rest
    }

    private static let fewestDigits = 9
    private static let separators = " -().+/"
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
    fileprivate var isWordCharacter: Bool { isLetter || isNumber }
}

/// One entry of an audit log.
public struct AuditEntry: Sendable, Codable, Hashable {
    /// Counted from 1, without a gap.
    public var number: Int
    /// When, ISO 8601, by the server's clock.
    public var time: String
    /// Who.
    public var actor: String
    /// What was done.
    public var action: String
    /// To what.
    public var subject: String
    /// How far it was.
    public var state: String
    /// How many messages or lines it concerned, where that is known.
    public var count: Int?
    /// The entry that says that it begins; nil for that entry itself.
    public var beginning: Int?
    /// What ties it to all entries before it.
    public var hash: String
    /// A key has signed it; see ``AuditLog/verify(noted:)`` for whether it is the right one.
    public var isSigned: Bool

    /// The entry as somebody notes it elsewhere, to see later that the log still holds it: `42:3f0c…`
    public var mark: String { "\(number):\(hash)" }

    init(_ stored: StoredAuditEntry) {
        let json = try? JSONText(Array(stored.text.utf8))
        number = stored.number
        time = json?["time"]?.string ?? "?"
        actor = json?["actor"]?.string ?? "?"
        action = json?["action"]?.string ?? "?"
        subject = json?["subject"]?.string ?? ""
        state = json?["state"]?.string ?? "?"
        count = json?["count"]?.integer
        beginning = json?["beginning"]?.integer
        hash = stored.hash
        isSigned = stored.signature != nil
    }
}
