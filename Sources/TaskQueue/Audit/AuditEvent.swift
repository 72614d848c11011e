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
    /// The last entry that is kept elsewhere from now on, with all before it.
    var archived: AuditMark?

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
        writer.add("subject", Self.bounded(Self.masking(subject)))
        writer.add("state", state.rawValue)
        if let count { writer.add("count", count) }
        if let beginning { writer.add("beginning", beginning) }
        if let archived { writer.add("archived", archived.text) }
        return String(decoding: writer.finished(), as: UTF8.self)
    }

    private static func bounded(_ subject: String) -> String {
        let rest = subject.count - longestSubject
        return rest > 0 ? "\(subject.prefix(longestSubject)) … and \(rest) characters more" : subject
    }

    /// Hides the middle of whatever could be a phone number: nine digits or more with nothing but separators between them.
    /// UUIDs and times stay as they are.
    public static func masking(_ text: String) -> String {
        var masked = ""
        var rest = text[...]
        while let first = rest.first {
            let known = masked.last?.isWordCharacter == true ? rest.prefix(0) : knownForm(beginning: rest)
            let number = known.isEmpty ? digits(beginning: rest) : known
            if number.isEmpty {
                masked.append(first)
                rest = rest.dropFirst()
            } else {
                let isShown = !known.isEmpty || number.count(where: \.isWholeNumber) < fewestDigits
                masked += isShown ? String(number) : ArgumentDisplay.masked(String(number))
                rest = rest[number.endIndex...]
            }
        }
        return masked
    }

    /// Digits and what stands between them, up to what is no number.
    private static func digits(beginning text: Substring) -> Substring {
        var end = text.startIndex
        var previous: Character?
        for index in text.indices {
            let character = text[index]
            if character.isWholeNumber {
                if previous?.isWordCharacter == false, !knownForm(beginning: text[index...]).isEmpty { break }
                end = text.index(after: index)
            } else if previous == nil || !separators.contains(character) {
                break
            }
            previous = character
        }
        return text[..<end]
    }

    /// A UUID, or a time as ``WireTime/text`` has it; empty when the text begins with neither.
    private static func knownForm(beginning text: Substring) -> Substring {
        let uuid = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)/
        let time =
            /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?(?!\w)/
        return text.prefixMatch(of: uuid)?.0 ?? text.prefixMatch(of: time)?.0 ?? text.prefix(0)
    }

    private static let longestSubject = 2000
    private static let fewestDigits = 9
    private static let separators = " -().+/"
}

extension Character {
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
    /// A key has signed it; see ``AuditLog/verify(archive:noted:)`` for whether it is the right one.
    public var isSigned: Bool
    /// It says that a change begins, and no entry says how that ended: it goes on, or what made it was cut off.
    public var isWithoutEnd = false

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
