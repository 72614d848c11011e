import Metrics
import SMSVerification
import Synchronization

/// The service's HTTP metrics. Handles are made once for each combination, and there are few: routes × statuses.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    private let factory: any MetricsFactory
    private let requests = Mutex<[Key: (count: Counter, duration: Timer)]>([:])
    private let outcomes = Mutex<[CodeRequestOutcome: Counter]>([:])

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    func record(route: String, status: Int, duration: Duration) {
        let handles = requests.withLock { known in
            let key = Key(route: route, status: status)
            if let handles = known[key] { return handles }
            let labels = [("route", route), ("status", "\(status)")]
            let handles = (
                count: Counter(label: "api.requests", dimensions: labels, factory: factory),
                duration: Timer(label: "api.request.duration", dimensions: [labels[0]], factory: factory)
            )
            known[key] = handles
            return handles
        }
        handles.count.increment()
        handles.duration.record(duration: duration)
    }

    /// The tutorial's answers are all HTTP 200, so what they say is counted apart.
    func record(_ outcome: CodeRequestOutcome) {
        let counter = outcomes.withLock { known in
            if let counter = known[outcome] { return counter }
            let labels = [("outcome", outcome.label)]
            let counter = Counter(label: "api.code.requests", dimensions: labels, factory: factory)
            known[outcome] = counter
            return counter
        }
        counter.increment()
    }
}

extension CodeRequestOutcome {
    fileprivate var label: String {
        switch self {
        case .sent: "sent"
        case .tooFrequent: "too_frequent"
        case .missingParameter: "missing_parameter"
        case .captchaExpired: "captcha_expired"
        case .captchaWrong: "captcha_wrong"
        }
    }
}
