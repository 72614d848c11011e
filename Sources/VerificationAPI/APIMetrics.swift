internal import Operations
internal import RedisClient
internal import SMSVerification

extension MetricsRegistry {
    /// Adds what sms-api shows beside what is counted as it happens.
    func addAPIMetrics(store: RedisClient, broker: RedisClient, limiter: SendLimiter) {
        for (label, help) in Self.apiHelp { describe(label, help) }
        addRedisMetrics([WatchedRedisClient("store", store), WatchedRedisClient("broker", broker)])
        addCollector("budgets") {
            let budgets = try await limiter.budgets()
            func samples(_ value: (BudgetUse) -> Int) -> [CollectedMetric.Sample] {
                budgets.map { .init(Double(value($0)), labels: [("budget", $0.budget.name)]) }
            }
            return [
                CollectedMetric(
                    "budget_spent", .gauge, help: "Spent in the present period, by expected prices.",
                    samples: samples(\.spent)),
                CollectedMetric(
                    "budget_ceiling", .gauge, help: "What may be spent in a period.", samples: samples(\.budget.ceiling)
                ),
            ]
        }
    }

    private static let apiHelp = [
        "api.requests": "HTTP requests by route and status.",
        "api.request.duration": "How long HTTP requests took.",
        "api.proxies.refused": "Connections of trusted proxies that were cut for want of the PROXY protocol's header.",
        "api.code.requests": "Requests for a code on the tutorial's route by their end.",
        "verification.events": "Sends and checks of /v1 by their end.",
        "captcha.answers": "Answers to pictures by what they were worth.",
        "limits.refused": "Messages that a limit has refused.",
        "limits.proofs": "Callers who had to bring more proof.",
        "sms.reports": "Reports of gateways by state and by what they changed.",
        "sms.delivery.duration": "From the gateway's acceptance to the delivery.",
        "sms.confirmed": "Messages whose code was entered.",
        "sms.code.duration": "From the request to the right code.",
        "traces.spans": "Spans that were exported or dropped.",
        "budget.alarm": "Budgets of which the alarm's share was spent, once in a period.",
    ]
}
