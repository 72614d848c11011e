internal import TaskQueue

/// How the worker chooses among its providers, how much it asks of each, and what it does when nobody knows whether a
/// message was sent.
public struct SendingPolicy: Sendable {
    /// What is done about a message when nobody knows whether it was sent.
    public enum UnknownOutcome: String, Sendable, CaseIterable {
        /// The same code is sent again.
        case resend
        /// The job becomes a dead letter, for a person to decide.
        case hold
        /// The provider is asked; where it cannot be asked, the same code is sent again.
        case query
    }

    /// How much one provider is asked.
    public struct Share: Sendable, Equatable {
        /// How often it is the first, beside its neighbours with weights; nil: it keeps its place.
        public var weight: Int?
        /// How many calls it gets in a time, from all workers together; nil: any number.
        public var rate: CallRate?
        /// How many calls it gets at once, from all workers together; nil: any number.
        public var concurrency: Int?

        /// As much as there is.
        public init() {}
    }

    /// The shares of the providers that have one.
    public var shares: [ProviderName: Share] = [:]
    /// How long a provider is not asked again about a number that it has refused for good; zero: it always is.
    public var badNumberMemory = Duration.seconds(86_400)
    /// What is done when nobody knows whether a message was sent.
    public var onUnknown = UnknownOutcome.resend
    /// How soon a provider is asked what became of a message: before, it may not have looked.
    public var queryDelay = Duration.seconds(5)
    /// For how long a provider is asked that does not know either. Then the same code is sent again.
    public var queryPatience = Duration.seconds(30)

    /// The defaults: providers in their order, no limits, refused numbers known for a day, sent again when unknown.
    public init() {}
}

/// How many calls a provider gets in a time.
public struct CallRate: Sendable, Equatable, LosslessStringConvertible {
    /// How many calls.
    public var count: Int
    /// In how many seconds.
    public var seconds: Int

    private static let units = ["s": 1, "m": 60, "h": 3600]

    /// Reads a number and a unit of time: `500/s`, `30/m`, `1000/h`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
            let seconds = Self.units[String(parts[1])]
        else { return nil }
        self.count = count
        self.seconds = seconds
    }

    /// As it is read.
    public var description: String {
        "\(count)/\(Self.units.first { $0.value == seconds }?.key ?? "\(seconds)s")"
    }

    /// Evenly spaced, but for as many at once as fall to a twentieth of a second: workers take them together.
    var limit: RateLimit { RateLimit(count, per: .seconds(seconds), burst: max(1, count / seconds / 20)) }
}
