import TaskQueue

/// The tasks of the benchmark. Those of the real Celery are the same, in `Scripts/benchmarks/queue_celery.py`.
enum BenchmarkTasks {
    /// Does nothing; its text makes the message as long as wanted.
    static let noOperation = TaskDefinition<TextArguments, NoResult>("benchmark.no_operation")
    /// Carries the time when it was sent.
    static let timed = TaskDefinition<TimedArguments, NoResult>("benchmark.timed")
    /// The task of the tutorial, for the size of its message.
    static let sendCode = TaskDefinition<CodeArguments, NoResult>("ccp_send_sms_code")
}

struct TextArguments: TaskArguments {
    var text: String

    static let parameterNames = ["text"]
}

struct TimedArguments: TaskArguments {
    /// Nanoseconds of the machine's monotonic clock, which all its processes share.
    var sentAt: UInt64

    static let parameterNames = ["sentAt"]
}

struct CodeArguments: TaskArguments {
    var mobile: String
    var code: String

    private enum CodingKeys: String, CodingKey {
        case mobile
        case code = "sms_code"
    }

    static let parameterNames = ["mobile", "sms_code"]
}
