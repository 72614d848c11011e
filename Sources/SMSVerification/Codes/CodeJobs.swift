internal import RedisClient
internal import TaskQueue

/// Hands codes over to the queue.
struct CodeJobs: Sendable {
    let producer: TaskProducer
    let secrets: StoredSecrets
    let policy: VerificationPolicy
    /// The queue's database, where the scripts of the store can put jobs on it.
    let database: Int?

    init(producer: TaskProducer, store: RedisClient, secrets: StoredSecrets, policy: VerificationPolicy) {
        self.producer = producer
        self.secrets = secrets
        self.policy = policy
        database = producer.database(onServerOf: store)
    }

    /// What a script of the store is to put on the queue.
    ///
    /// - Parameters:
    ///   - code: What to send.
    ///   - stored: The code as it is stored.
    ///   - request: What was asked.
    ///   - send: The name of this one message.
    func push(_ code: CodeCopy, stored: String, for request: StartRequest, as send: String) throws -> JobPush {
        let id = TaskID.job(ofSend: send)
        return switch secrets {
        case .plain:
            try JobPush(plainTask(for: request), SendCodeArguments(code), id: id, by: producer, into: database)
        case .sealed:
            try JobPush(
                sealedTask(for: request), SendSealedCodeArguments(code.mobile, sealed: stored), id: id, by: producer,
                into: database)
        }
    }

    /// When it returns, the job is on the broker's list.
    ///
    /// - Parameters:
    ///   - stored: The code as it is stored. Nil: nothing is to be sent, which must take as long and fail in the same
    ///     way, so that nobody learns of it.
    ///   - request: What was asked.
    ///   - send: The name of this one message.
    func send(_ stored: String?, for request: StartRequest, as send: String) async throws {
        guard let stored else { return try await producer.sendNothing() }
        switch secrets {
        case .plain:
            guard let copy = secrets.copy(stored) else { return }
            try await producer.enqueue(plainTask(for: request), SendCodeArguments(copy), id: .job(ofSend: send))
        case .sealed:
            try await producer.enqueue(
                sealedTask(for: request), SendSealedCodeArguments(request.mobile, sealed: stored),
                id: .job(ofSend: send))
        }
    }

    private func plainTask(for request: StartRequest) -> TaskDefinition<SendCodeArguments, Int> {
        sendCodeTask(policy: policy, purpose: request.purpose, language: request.language)
    }

    private func sealedTask(for request: StartRequest) -> TaskDefinition<SendSealedCodeArguments, Int> {
        sendSealedCodeTask(policy: policy, purpose: request.purpose, language: request.language)
    }
}

extension TaskID {
    /// The job of one message of a verification: it has the message's name, which nothing of the verification follows
    /// from.
    static func job(ofSend name: String) -> TaskID { TaskID(name) }
}
