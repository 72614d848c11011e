internal import Operations
internal import RedisClient
internal import SMSProviders
internal import SMSVerification
internal import TaskQueue

/// What the worker prints when it starts: the facts that Celery's worker shows, in its order.
struct WorkerBanner {
    let text: String

    init(_ configuration: DeliveryConfiguration) {
        let worker = configuration.worker
        let queues = worker.queues.map { ".> \($0.name.padded(to: 16)) exchange=\($0.name)(direct) key=\($0.name)" }
        text = """
            \(worker.name) v\(Version.current)

            \(WireTime.now.text)

            [config]
            .> app:         sms-queue
            .> transport:   \(worker.broker.url)
            .> results:     \(worker.results.map { "\($0.redis.url)" } ?? "disabled://")
            .> concurrency: \(worker.concurrency) (tasks)
            .> task events: OFF
            .> provider:    \(configuration.providers.map(\.description).joined(separator: ", then "))

            [queues]
            \(queues.joined(separator: "\n"))

            [tasks]
              . \(sendCodeTask().name)

            """
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
