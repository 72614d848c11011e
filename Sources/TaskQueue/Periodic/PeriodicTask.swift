/// A task that a ``PeriodicScheduler`` puts on a queue again and again.
///
/// ```swift
/// let report = try PeriodicTask(
///     "nightly-report", try PeriodicSchedule("30 3 * * *"), sendReport, Report(kind: "daily"), missedRuns: .runOnce)
/// ```
public struct PeriodicTask: Sendable {
    /// What tells it from the others of its queue.
    public let name: String
    /// When it is due.
    public var schedule: PeriodicSchedule
    /// The registered name of the task that is run.
    public let task: String
    /// The queue that it goes to; nil: the scheduler's.
    public var queue: String?
    /// 0, the most urgent, to 9.
    public var priority = 0
    /// A run does not start when so much time has passed since it was due; nil: it may start at any time.
    public var expires: Duration?
    /// How long a run may take; nil: what the worker's options say.
    public var timeLimits: TimeLimits?
    /// No results of it are to be stored.
    public var ignoresResult = false
    /// What becomes of runs whose time has passed while no scheduler ran.
    public var missedRuns = MissedRuns.skip
    /// A run that is late by no more than this was not missed. By default it is longer than another scheduler takes to
    /// follow on one that has crashed.
    public var grace = Self.defaultGrace

    /// The positional and the named arguments, as JSON.
    let arguments: [UInt8]
    let namedArguments: [UInt8]
    /// What logs and monitors show of the arguments: nothing confidential.
    let argumentsForDisplay: String

    /// Fifteen seconds.
    public static let defaultGrace = Duration.seconds(15)

    /// A periodic run of a task.
    ///
    /// - Parameters:
    ///   - name: What tells it from the others of its queue, over all restarts.
    ///   - schedule: When it is due.
    ///   - task: What is run.
    ///   - arguments: With what, the same each time.
    ///   - queue: The queue that it goes to; nil: what the task's options say, or else the
    ///     scheduler's.
    ///   - priority: 0, the most urgent, to 9; nil: what the task's options say.
    ///   - expires: A run does not start when so much time has passed since it was due; nil: what the task's options say.
    ///   - missedRuns: What becomes of runs whose time has passed while no scheduler ran.
    ///   - grace: A run that is late by no more than this was not missed.
    /// - Throws: `EncodingError` for the arguments.
    public init<Arguments, Result>(
        _ name: String, _ schedule: PeriodicSchedule, _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments,
        queue: String? = nil, priority: Int? = nil, expires: Duration? = nil, missedRuns: MissedRuns = .skip,
        grace: Duration = Self.defaultGrace
    ) throws {
        self.init(
            name, schedule, task: task.name, arguments: try ArgumentCoding.positional(arguments),
            namedArguments: Array("{}".utf8), argumentsForDisplay: ArgumentCoding.display(arguments))
        self.queue = queue ?? task.options.queue
        self.priority = priority ?? task.options.priority
        self.expires = expires ?? task.options.expires
        timeLimits = task.options.timeLimits == TimeLimits() ? nil : task.options.timeLimits
        ignoresResult = task.options.ignoresResult
        self.missedRuns = missedRuns
        self.grace = grace
    }

    init(
        _ name: String, _ schedule: PeriodicSchedule, task: String, arguments: [UInt8], namedArguments: [UInt8],
        argumentsForDisplay: String
    ) {
        self.name = name
        self.schedule = schedule
        self.task = task
        self.arguments = arguments
        self.namedArguments = namedArguments
        self.argumentsForDisplay = argumentsForDisplay
    }

    /// The message of the run that is due at that time.
    func message(dueAt time: WireTime, queue: String, origin: String) -> [UInt8] {
        var run = OutgoingTask(task: task, queue: queue, arguments: arguments)
        run.namedArguments = namedArguments
        run.argumentsForDisplay = argumentsForDisplay
        run.sent = time
        run.priority = priority
        run.expires = expires.map { time.adding($0) }
        run.timeLimits = timeLimits
        run.ignoresResult = ignoresResult
        run.origin = origin
        return run.encoded()
    }
}
