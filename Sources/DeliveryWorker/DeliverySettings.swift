internal import Operations
internal import SMSProviders
internal import TaskQueue

extension Setting where Value == Int {
    /// How many messages are sent at once: `--concurrency`, `SMS_CONCURRENCY`.
    static var concurrency: Setting {
        .integer(
            "concurrency", flag: "--concurrency", in: 1...10_000, default: 64, help: "How many tasks run at once")
    }
}

extension Setting where Value == [QueueShare] {
    /// The queues, with their weights: `--queue`, `SMS_QUEUE`.
    static var queues: Setting {
        Setting(
            "queue", flag: "--queue", default: ["celery"], defaultText: "celery",
            help: "The queues, separated by commas; urgent=3,bulk gives one a weight",
            expected: "names of queues separated by commas, each with an optional =weight from 1 to 1000"
        ) { text in
            let shares = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.share)
            let names = shares.compactMap { $0?.name }
            return names.count == shares.count && Set(names).count == names.count ? shares.compactMap { $0 } : nil
        }
    }

    private static func share(_ text: Substring) -> QueueShare? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty, !name.contains(where: \.isWhitespace) else { return nil }
        guard parts.count == 2 else { return QueueShare(String(name)) }
        guard let weight = Int(parts[1]), (1...1000).contains(weight) else { return nil }
        return QueueShare(String(name), weight: weight)
    }
}

extension Setting where Value == WorkerConfiguration.QueueOrder {
    /// Which of several queues is served first: `--queue-order`, `SMS_QUEUE_ORDER`.
    static var queueOrder: Setting {
        .choice(
            "queue.order", flag: "--queue-order", default: .weighted,
            help: "Of several queues: weighted (each gets its share), strict (the first ones first)")
    }
}

extension Setting where Value == String? {
    /// Where results are stored: `--result-backend`, `SMS_RESULT_BACKEND`.
    static var resultBackend: Setting {
        .optionalURL(
            "result.backend", flag: "--result-backend", schemes: Setting<String>.redisSchemes,
            help: "The Redis that keeps results in Celery's form (default: none are kept)")
    }

    /// A file with periodic tasks: `--periodic-tasks`, `SMS_PERIODIC_TASKS`.
    static var periodicTasks: Setting {
        .optionalString(
            "periodic.tasks", flag: "--periodic-tasks", help: "Path of a JSON file with tasks to send again and again")
    }

    /// The worker's name: `--hostname`, `SMS_WORKER_NAME`.
    static var workerName: Setting {
        .optionalString(
            "worker.name", flag: "--hostname", help: "The worker's name (default: sms-worker@<this host>)")
    }
}

extension Setting where Value == [ProviderName] {
    /// The gateways: `--provider`, `SMS_PROVIDER`.
    static var providers: Setting {
        let names = ProviderName.allCases.map(\.rawValue)
        return Setting(
            "provider", flag: "--provider", default: [.yuntongxun], defaultText: ProviderName.yuntongxun.rawValue,
            help:
                "The gateways, separated by commas, in the order in which they are tried: \(names.joined(separator: ", "))",
            expected: "names separated by commas, each once, of \(names.joined(separator: ", "))"
        ) { text in
            let parts = text.commaSeparated
            let providers = parts.compactMap { ProviderName(rawValue: $0) }
            return providers.count == parts.count && Set(providers).count == parts.count ? providers : nil
        }
    }
}

extension Setting where Value == WorkerConfiguration.Acknowledgement {
    /// When a message is let go: `--ack`, `SMS_ACK`.
    static var acknowledgement: Setting {
        .choice(
            "ack", flag: "--ack", default: .late,
            help: "When a message is let go: late (nothing is lost), early (nothing is sent twice)")
    }
}
