internal import RedisClient
internal import TaskQueue

/// Hands codes over to the queue.
struct CodeJobs: Sendable {
    let producer: TaskProducer
    let broker: RedisClient
    let secrets: StoredSecrets
    let policy: VerificationPolicy

    /// When it returns, the job is on the broker's list.
    ///
    /// - Parameter stored: The code as it is stored. Nil: nothing is to be sent, which must take as long and fail in the
    ///   same way, so that nobody learns of it.
    func send(_ stored: String?, for request: StartRequest) async throws {
        guard let stored else { return try await broker.ping() }
        switch secrets {
        case .plain:
            guard let copy = secrets.copy(stored) else { return }
            try await producer.enqueue(
                sendCodeTask(policy: policy, purpose: request.purpose, language: request.language),
                SendCodeArguments(mobile: copy.mobile.canonical, code: copy.code.digits))
        case .sealed:
            try await producer.enqueue(
                sendSealedCodeTask(policy: policy, purpose: request.purpose, language: request.language),
                SendSealedCodeArguments(request.mobile, sealed: stored))
        }
    }
}
