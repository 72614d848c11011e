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
            .> provider:    \(Self.providers(configuration))

            [queues]
            \(queues.joined(separator: "\n"))

            [tasks]
              . \(sendCodeTask().name)

            """
    }

    private static func providers(_ configuration: DeliveryConfiguration) -> String {
        configuration.providers.map { account in
            let weight = configuration.sending.shares[account.name]?.weight
            return "\(account)\(weight.map { ", weight \($0)" } ?? "")"
        }.joined(separator: ", then ")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
