import TaskQueue

/// The tasks of the crash tests, known to the worker process and to the test.
enum CrashTasks {
    static let work = TaskDefinition<Work, Int>("crash.work")
    static let gated = TaskDefinition<Gated, Int>("crash.gated")
    /// The same, for whoever must not have the effect twice.
    static let gatedOnce = {
        var options = TaskOptions()
        options.unknownOutcome = .hold
        return TaskDefinition<Gated, Int>("crash.gated-once", options: options)
    }()
}

/// Takes some time, and has its effect in the middle of it.
struct Work: TaskArguments {
    var milliseconds: Int

    static let parameterNames = ["milliseconds"]
}

/// Tells that it is there, and waits until the test opens a gate.
struct Gated: TaskArguments {
    enum Place: String, Codable {
        case beforeTheFence
        case afterTheEffect
    }

    var gate: String
    var place: Place

    static let parameterNames = ["gate", "place"]
}
