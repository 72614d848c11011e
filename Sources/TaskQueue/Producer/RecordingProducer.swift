import Synchronization

/// Keeps what is sent, for tests of code that sends tasks. It needs no Redis, and nothing is run.
///
/// ```swift
/// let producer = RecordingProducer()
/// try await signUp(user, producer)
/// #expect(try producer.arguments(of: greet).map(\.name) == ["Ada"])
/// ```
public final class RecordingProducer: TaskSender {
    public let queue: String
    private let sent = Mutex<[OutgoingTask]>([])

    /// A producer that has sent nothing yet.
    public init(queue: String = "celery") {
        self.queue = queue
    }

    /// What was sent, in its order.
    public var tasks: [OutgoingTask] { sent.withLock { $0 } }

    /// The messages that would have been put on the lists, in the same order.
    public var messages: [[UInt8]] { tasks.map { $0.encoded() } }

    public func send(_ tasks: [OutgoingTask]) {
        sent.withLock { $0 += tasks }
    }

    /// The arguments with which a task was sent, in the order of sending, read back from the messages.
    ///
    /// - Throws: ``MessageRefusal`` when they do not read back as what they were.
    public func arguments<Arguments, Result>(
        of task: TaskDefinition<Arguments, Result>
    ) throws(MessageRefusal) -> [Arguments] {
        var arguments: [Arguments] = []
        for sent in tasks where sent.task == task.name {
            arguments.append(try ArgumentCoding.decode(Arguments.self, from: TaskMessage(sent.encoded())))
        }
        return arguments
    }
}
