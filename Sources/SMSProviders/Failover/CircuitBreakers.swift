internal import Synchronization

/// The circuit breakers of all providers: of each as a whole, of its templates, and of each country through it.
///
/// What the whole provider refuses, such as credentials or an empty account, says nothing about other providers; what it
/// refuses of one country says nothing about others.
public final class CircuitBreakers: Sendable {
    /// What a breaker stands before.
    public struct Place: Sendable, Hashable, LosslessStringConvertible {
        /// The provider's name.
        public var provider: String
        /// `template` for the account's own or a text, `template` with its id for another, or `country` with its letters;
        /// nil: all of the provider.
        public var part: String?

        /// A part of a provider, or all of it.
        public init(provider: String, part: String?) {
            self.provider = provider
            self.part = part
        }

        /// Reads what ``description`` writes.
        public init?(_ text: String) {
            let parts = text.split(separator: ",", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard let provider = parts.first, !provider.isEmpty else { return nil }
            self.init(provider: String(provider), part: parts.count == 2 ? String(parts[1]) : nil)
        }

        /// `yuntongxun`, or `twilio, country US`.
        public var description: String { part.map { "\(provider), \($0)" } ?? provider }
    }

    /// A breaker that is not closed, for the operator.
    public struct Open: Sendable, Equatable {
        /// What it stands before.
        public var place: Place
        /// Why it was opened.
        public var reason: SendReason
        /// How long until a call goes through to see whether it works again.
        public var wait: Duration
        /// Another worker has told of it, and this one has found nothing else since.
        public var isAdopted = false
        /// The time of this worker's own clock until which it is open, in milliseconds: it changes whenever the breaker is
        /// opened again.
        public var until = 0

        /// What one worker tells another.
        public init(place: Place, reason: SendReason, wait: Duration) {
            self.place = place
            self.reason = reason
            self.wait = wait
        }
    }

    private struct Entry {
        var breaker = CircuitBreaker()
        var reason = SendReason.connection
        var isAdopted = false

        func asOpen(_ place: Place, _ now: Int) -> Open {
            var open = Open(place: place, reason: reason, wait: .milliseconds(breaker.wait(now)))
            open.isAdopted = isAdopted
            open.until = breaker.until
            return open
        }
    }

    private let entries = Mutex<[Place: Entry]>([:])
    private let pending = Mutex<[String: PendingCalls]>([:])
    private let now: @Sendable () -> Int

    /// All closed.
    ///
    /// - Parameter now: Milliseconds of a clock that only goes forward.
    public init(now: @escaping @Sendable () -> Int = { CircuitBreakers.uptime() }) {
        self.now = now
    }

    /// Those that keep messages away now, in the order of their names.
    public var open: [Open] {
        let time = now()
        return entries.withLock { entries in
            entries.filter { !$0.value.breaker.isClosed }.map { $0.value.asOpen($0.key, time) }
        }.sorted { ($0.place.provider, $0.place.part ?? "") < ($1.place.provider, $1.place.part ?? "") }
    }

    /// Nil when the message may be handed to the provider now, otherwise how long until it is worth asking again.
    func wait(_ provider: String, _ message: OutgoingMessage) -> Duration? {
        let time = now()
        let wait = entries.withLock { entries in
            entries.isEmpty
                ? 0 : Self.places(provider, message).map { entries[$0]?.breaker.pause(time) ?? 0 }.max() ?? 0
        }
        if wait == 0, pending.withLock({ $0[provider]?.isSilent(time) ?? false }) {
            return .milliseconds(PendingCalls.patience)
        }
        return wait == 0 ? nil : .milliseconds(wait)
    }

    /// Whether the message may be handed to the provider now; if so, a probe that this takes is used up.
    func admit(_ provider: String, _ message: OutgoingMessage) -> Bool {
        let time = now()
        return entries.withLock { entries in
            guard !entries.isEmpty else { return true }
            let places = Self.places(provider, message)
            // First asked, then used: a probe of one is not to be spent when another one stays shut.
            guard places.allSatisfy({ (entries[$0]?.breaker.wait(time) ?? 0) == 0 }) else { return false }
            for place in places { _ = entries[place]?.breaker.admits(time) }
            return true
        }
    }

    /// A call of the provider begins, which ``end(_:of:_:)`` follows.
    ///
    /// - Returns: When that is.
    func begin(_ provider: String) -> Int {
        pending.withLock { pending in
            let time = now()
            pending[provider, default: PendingCalls()].begin(at: time)
            return time
        }
    }

    /// The call that began then has ended.
    func end(_ began: Int, of provider: String, _ outcome: SendOutcome) {
        let time = now()
        pending.withLock {
            $0[provider]?.end(ofCallBegunAt: began, isAnswered: outcome.event != .failure, at: time)
        }
    }

    /// The time now, for ``record(_:of:for:began:)``: to be asked before ``admit(_:_:)``.
    var time: Int { now() }

    /// Learns from an answer. Returns the breaker that it opened, if it did.
    ///
    /// - Parameter began: The time when the call began.
    func record(_ outcome: SendOutcome, of provider: String, for message: OutgoingMessage, began: Int) -> Open? {
        let time = now()
        guard let event = outcome.event else { return nil }
        return entries.withLock { entries -> Open? in
            guard event != .success else {
                guard !entries.isEmpty else { return nil }
                for place in Self.places(provider, message) {
                    entries[place]?.breaker.record(event, ofCallBegunAt: began, at: time)
                    if entries[place]?.breaker == CircuitBreaker() { entries[place] = nil }
                }
                return nil
            }
            let place = Place(provider: provider, part: outcome.reason?.part(provider, message))
            var entry = entries[place] ?? Entry()
            let before = entry.breaker
            entry.breaker.record(event, ofCallBegunAt: began, at: time)
            guard entry.breaker != before else { return nil }
            entry.isAdopted = false
            entry.reason = outcome.reason ?? entry.reason
            entries[place] = entry
            return before.isClosed && !entry.breaker.isClosed ? entry.asOpen(place, time) : nil
        }
    }

    /// Another worker has opened this one.
    public func adopt(_ open: Open) {
        let time = now()
        let until = time + Int(open.wait / .milliseconds(1))
        entries.withLock { entries in
            entries[open.place, default: Entry()].breaker.open(until: until, time)
            entries[open.place]?.reason = open.reason
            entries[open.place]?.isAdopted = true
        }
    }

    /// Another worker has found that it works again.
    public func close(_ place: Place) {
        entries.withLock { $0[place] = nil }
    }

    private static func places(_ provider: String, _ message: OutgoingMessage) -> [Place] {
        [nil, message.templatePart(provider), message.countryPart].map { Place(provider: provider, part: $0) }
    }

    /// Milliseconds since some time before the program began.
    public static func uptime() -> Int {
        let (seconds, attoseconds) = origin.duration(to: .now).components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    private static let origin = ContinuousClock.now
}

extension CircuitBreakers.Open: CustomStringConvertible {
    /// Such as `yuntongxun (auth)` or `twilio, country US (geo)`.
    public var description: String {
        "\(place) (\(reason.rawValue))"
    }
}

extension SendReason {
    /// What of a provider it speaks of.
    fileprivate func part(_ provider: String, _ message: OutgoingMessage) -> String? {
        switch self {
        case .template, .signature, .content: message.templatePart(provider)
        case .geo, .price: message.countryPart
        default: nil
        }
    }
}

extension OutgoingMessage {
    /// Which of a provider's templates it goes out with.
    fileprivate func templatePart(_ provider: String) -> String {
        templates[provider]?.id.map { "template \($0)" } ?? "template"
    }

    fileprivate var countryPart: String { "country \(country)" }
}

extension SendOutcome {
    /// How long a provider is left alone that has said only that there were too many requests.
    private static let pause = Duration.seconds(1)

    /// What it says about the provider; nil: nothing, it is about the message.
    fileprivate var event: CircuitBreaker.Event? {
        switch self {
        case .accepted: .success
        case .throttled(.number, _), .badNumber, .retry(.cancelled), .retry(.expired), .retry(.handset): nil
        case .badConfiguration(.gone): .end
        // The request itself was wrong, which the next one need not be.
        case .badConfiguration(.param), .badConfiguration(.unlisted), .unknown(.duplicate), .unknown(.pending): nil
        case .throttled(.quota, _), .badConfiguration: .fault
        case .throttled(_, let retryAfter):
            .busy(Int((retryAfter ?? Self.pause) / .milliseconds(1)))
        case .retry, .unknown: .failure
        }
    }
}
