/// What ``QueueDoctor`` has found.
public struct DoctorReport: Sendable, Codable, Hashable {
    /// The queue's name.
    public var queue: String
    /// One for each thing that was looked at.
    public var checks: [DoctorCheck] = []

    /// Nothing is damaged, or all that was has been mended.
    public var isHealthy: Bool { !checks.contains { $0.state == .problem } }
}

/// One thing that was looked at.
public struct DoctorCheck: Sendable, Codable, Hashable {
    /// How it looks.
    public enum State: String, Sendable, Codable, Hashable, CaseIterable, Comparable {
        /// As it should.
        case ok
        /// Worth knowing.
        case note
        /// Something may go wrong.
        case warning
        /// Something is wrong.
        case problem

        public static func < (left: State, right: State) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// What was looked at.
    public enum Subject: String, Sendable, Codable, Hashable, CaseIterable {
        /// The server's version, role and database.
        case server
        /// This machine's clock beside the server's.
        case clock
        /// How much memory is left.
        case memory
        /// Whether Redis may throw keys away.
        case eviction
        /// Whether jobs outlive Redis.
        case persistence
        /// Whether the user of this connection may do what a worker does.
        case rights
        /// The steps that run inside Redis.
        case scripts
        /// Whether workers are alive, and the queue is not paused.
        case workers
        /// Keys of the queue that no worker knows, or that are of another type than they should be.
        case keys
        /// What is held by workers that nobody watches.
        case claims
        /// Lines of tasks that nobody looks at.
        case limits
        /// What is due and was not put on its list.
        case schedule
        /// Dead letters of which a part is missing.
        case letters
        /// Jobs that lie in several places.
        case copies
        /// Jobs that no worker can read.
        case messages
    }

    /// What was looked at.
    public var subject: Subject
    /// How it looks; what was mended counts no more.
    public var state: State
    /// What was found, in sentences.
    public var findings: [String]
    /// What to do about it by hand.
    public var remedy: String?
    /// What was mended, or in a dry run would be, in sentences.
    public var repairs: [String] = []
    /// It can be mended by ``QueueDoctor``, and was not.
    public var isMendable = false
    /// False when it could not be looked at; the findings say why.
    public var wasLookedAt = true

    init(_ subject: Subject, _ state: State, _ findings: [String], remedy: String? = nil) {
        self.subject = subject
        self.state = state
        self.findings = findings
        self.remedy = remedy
    }

    /// What could not be looked at.
    static func unseen(_ subject: Subject, _ state: State, _ reason: String, remedy: String? = nil) -> DoctorCheck {
        var check = DoctorCheck(subject, state, [reason], remedy: remedy)
        check.wasLookedAt = false
        return check
    }

    /// Part of what was found can only be mended by hand, in this way.
    mutating func needsHand(_ remedy: String) {
        state = .problem
        isMendable = isMendable && !repairs.isEmpty
        self.remedy = isMendable ? "sms-queue doctor --repair; \(remedy)" : remedy
    }

    static func ok(_ subject: Subject, _ finding: String) -> DoctorCheck { DoctorCheck(subject, .ok, [finding]) }

    /// Damage that was found, and what mends it.
    ///
    /// - Parameters:
    ///   - findings: What was found.
    ///   - repairs: What is done about it.
    ///   - isMended: It was done.
    static func damage(_ subject: Subject, _ findings: [String], repairs: [String], isMended: Bool) -> DoctorCheck {
        var check = DoctorCheck(subject, isMended ? .note : .problem, findings)
        check.repairs = repairs
        check.isMendable = !isMended
        if !isMended { check.remedy = "sms-queue doctor --repair" }
        return check
    }
}

/// A number with its noun: `1 job`, `2 jobs`.
func counted(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
