/// Which of the dead letters. All conditions must hold; one that is nil always does.
public struct DeadLetterFilter: Sendable, Hashable {
    /// They died for this reason.
    public var reason: String?
    /// They are of the task of this name.
    public var task: String?
    /// They died at this time or later, by the server's clock.
    public var after: WireTime?
    /// They died before this time, by the server's clock.
    public var before: WireTime?
    /// Their id, their task's id, their worker's name or what is said of their death contains this text.
    public var text: String?

    /// Those that meet all the conditions that are given.
    public init(
        reason: String? = nil, task: String? = nil, after: WireTime? = nil, before: WireTime? = nil,
        text: String? = nil
    ) {
        self.reason = reason
        self.task = task
        self.after = after
        self.before = before
        self.text = text
    }

    /// All dead letters.
    public static var all: DeadLetterFilter { DeadLetterFilter() }

    /// The time of death alone decides.
    var isOfTimeOnly: Bool { reason == nil && task == nil && text == nil }

    /// The time from which on they died, in milliseconds since 1970-01-01T00:00:00Z.
    var start: Double { after.map { Double($0.microseconds) / 1000 } ?? -.infinity }
    /// The time before which they died.
    var end: Double { before.map { Double($0.microseconds) / 1000 } ?? .infinity }

    /// Whether all conditions hold for a letter that died at this time; it is only looked into where its time does not
    /// decide alone.
    func includes(_ letter: @autoclosure () -> DeadLetter, diedAt time: Double) -> Bool {
        guard time >= start, time < end else { return false }
        guard !isOfTimeOnly else { return true }
        let letter = letter()
        return (reason == nil || reason == letter.reason) && (task == nil || task == letter.task)
            && (text == nil || texts(of: letter).contains { $0.contains(text ?? "") })
    }

    private func texts(of letter: DeadLetter) -> [String] {
        [letter.id, letter.taskID ?? "", letter.worker, letter.message]
    }
}

/// What is to be retried or deleted.
public enum DeadLetterSelection: Sendable, Hashable {
    /// Those with these ids.
    case ids([String])
    /// Those that the filter lets through.
    case matching(DeadLetterFilter)

    /// All dead letters.
    public static var all: DeadLetterSelection { .matching(.all) }

    /// Somebody asks for these very letters and wants to know when one is not there.
    var isByID: Bool {
        if case .ids = self { true } else { false }
    }
}

/// A letter in the order of their deaths, where a walk may go on.
public struct DeadLetterPosition: Sendable, Hashable {
    /// Its time of death in milliseconds since 1970-01-01T00:00:00Z, as Redis writes it.
    public var time: String
    /// Its id.
    public var id: String

    /// The place of the letter of that id.
    public init(time: String, id: String) {
        self.time = time
        self.id = id
    }
}

/// Some of the dead letters.
public struct DeadLetterPage: Sendable, Hashable {
    /// So many letters are at most looked at for one page.
    static let mostExamined = 2000

    /// Those that the filter lets through.
    public var letters: [DeadLetter] = []
    /// How many letters were looked at.
    public var examined = 0
    /// Where the next page begins: after this letter. Nil when there are no more.
    public var next: DeadLetterPosition?
}

/// What came of retrying dead letters.
public struct DeadLetterRetryResult: Sendable, Codable, Hashable {
    /// How many were put back.
    public var retried = 0
    /// How many were left among the dead letters, since their time is over.
    public var expired = 0
    /// The ids asked for of which there is no dead letter, or none any more.
    public var missing: [String] = []

    /// Nothing was put back.
    public init() {}
}

/// What came of deleting dead letters.
public struct DeadLetterDeletionResult: Sendable, Codable, Hashable {
    /// How many were deleted.
    public var deleted = 0
    /// The ids asked for of which there is no dead letter, or none any more.
    public var missing: [String] = []
}

/// A dead letter with its arguments.
public struct DeadLetterSample: Sendable, Codable, Hashable {
    /// Why and when it died.
    public var letter: DeadLetter
    /// Masked unless somebody asked for them; nil when the message cannot be read.
    public var arguments: String?
}
