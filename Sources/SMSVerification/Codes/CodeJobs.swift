internal import RedisClient
internal import TaskQueue

/// Hands codes over to the queue.
struct CodeJobs: Sendable {
    let producer: TaskProducer
    let broker: RedisClient
    let secrets: StoredSecrets
    let policy: VerificationPolicy
    /// The queue's database, where the scripts of the store can put jobs on it.
    let database: Int?

    init(
        producer: TaskProducer, broker: RedisClient, store: RedisClient, secrets: StoredSecrets,
        policy: VerificationPolicy
    ) {
        self.producer = producer
        self.broker = broker
        self.secrets = secrets
        self.policy = policy
        database = producer.database(onServerOf: store)
    }

    /// What a script of the store is to put on the queue.
    ///
    /// - Parameters:
    ///   - code: What to send.
    ///   - stored: The code as it is stored.
    ///   - send: The name of this one message.
    func push(_ code: CodeCopy, stored: String, as send: String) throws -> JobPush {
        guard let database else { return .none }
        let job =
            switch secrets {
            case .plain:
                try producer.prepare(sendCodeTask(policy: policy), SendCodeArguments(code), id: .job(ofSend: send))
            case .sealed:
                try producer.prepare(
                    sendSealedCodeTask(policy: policy), SendSealedCodeArguments(code.mobile, sealed: stored),
                    id: .job(ofSend: send))
            }
        return JobPush(job, database: database)
    }

    /// When it returns, the job is on the broker's list.
    ///
    /// - Parameters:
    ///   - stored: The code as it is stored. Nil: nothing is to be sent, which must take as long and fail in the same
    ///     way, so that nobody learns of it.
    ///   - mobile: Whom to send to.
    ///   - send: The name of this one message.
    func send(_ stored: String?, to mobile: MobileNumber, as send: String) async throws {
        guard let stored else { return try await broker.ping() }
        switch secrets {
        case .plain:
            guard let copy = secrets.copy(stored) else { return }
            try await producer.enqueue(
                sendCodeTask(policy: policy), SendCodeArguments(copy), id: .job(ofSend: send))
        case .sealed:
            try await producer.enqueue(
                sendSealedCodeTask(policy: policy), SendSealedCodeArguments(mobile, sealed: stored),
                id: .job(ofSend: send))
        }
    }
}

extension TaskID {
    /// The job of one message of a verification: it has the message's name, which nothing of the verification follows
    /// from.
    static func job(ofSend name: String) -> TaskID { TaskID(name) }
}
