internal import Synchronization

/// The circuit breakers of all providers: of each as a whole, of its template, and of each country through it.
///
/// What the whole provider refuses, such as credentials or an empty account, says nothing about other providers; what it
/// refuses of one country says nothing about others.
public final class CircuitBreakers: Sendable {
    /// What a breaker stands before.
    public struct Place: Sendable, Hashable {
        /// The provider's name.
        public var provider: String
        /// `template`, or `country` with its letters; nil: all of the provider.
        public var part: String?
    }

    /// A breaker that is not closed, for the operator.
    public struct Open: Sendable, Equatable {
        /// What it stands before.
        public var place: Place
        /// Why it was opened.
        public var reason: SendReason
    }

    private struct Entry {
        var breaker = CircuitBreaker()
        var reason = SendReason.connection
    }

    private let entries = Mutex<[Place: Entry]>([:])
    private let now: @Sendable () -> Int

    /// All closed.
    ///
    /// - Parameter now: Milliseconds of a clock that only goes forward.
    public init(now: @escaping @Sendable () -> Int = { CircuitBreakers.uptime() }) {
        self.now = now
    }

    /// Those that keep messages away now, in the order of their names.
    public var open: [Open] {
        entries.withLock { entries in
            entries.filter { !$0.value.breaker.isClosed }.map { Open(place: $0.key, reason: $0.value.reason) }
        }.sorted { ($0.place.provider, $0.place.part ?? "") < ($1.place.provider, $1.place.part ?? "") }
    }

    /// Nil when the message may be handed to the provider now, otherwise how long none may.
    func wait(_ provider: String, _ message: OutgoingMessage) -> Duration? {
        let time = now()
        return entries.withLock { entries -> Duration? in
            let places = Self.places(provider, message)
            // First asked, then used: a probe of one is not to be spent when another one stays shut.
            let wait = places.map { entries[$0]?.breaker.wait(time) ?? 0 }.max() ?? 0
            guard wait == 0 else { return .milliseconds(wait) }
            for place in places { _ = entries[place]?.breaker.admits(time) }
            return nil
        }
    }

    /// Learns from an answer. Returns the breaker that it opened, if it did.
    func record(_ outcome: SendOutcome, of provider: String, for message: OutgoingMessage) -> Open? {
        let time = now()
        guard let event = outcome.event else { return nil }
        return entries.withLock { entries -> Open? in
            guard event != .success else {
                for place in Self.places(provider, message) { entries[place] = nil }
                return nil
            }
            let place = Place(provider: provider, part: outcome.reason?.part(message))
            var entry = entries[place] ?? Entry()
            let wasClosed = entry.breaker.isClosed
            entry.breaker.record(event, at: time)
            entry.reason = outcome.reason ?? entry.reason
            entries[place] = entry
            return wasClosed && !entry.breaker.isClosed ? Open(place: place, reason: entry.reason) : nil
        }
    }

    private static func places(_ provider: String, _ message: OutgoingMessage) -> [Place] {
        [nil, "template", "country \(message.country)"].map { Place(provider: provider, part: $0) }
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
        "\(place.provider)\(place.part.map { ", \($0)" } ?? "") (\(reason.rawValue))"
    }
}

extension SendReason {
    /// What of a provider it speaks of.
    fileprivate func part(_ message: OutgoingMessage) -> String? {
        switch self {
        case .template, .signature, .content: "template"
        case .geo, .price: "country \(message.country)"
        default: nil
        }
    }
}

extension SendOutcome {
    /// How long a provider is left alone that has said only that there were too many requests.
    private static let pause = Duration.seconds(1)

    /// What it says about the provider; nil: nothing, it is about the message.
    fileprivate var event: CircuitBreaker.Event? {
        switch self {
        case .accepted: .success
        case .throttled(.number, _), .badNumber, .retry(.cancelled), .retry(.handset): nil
        // The request itself was wrong, which the next one need not be.
        case .badConfiguration(.param), .badConfiguration(.unlisted), .unknown(.duplicate), .unknown(.pending): nil
        case .throttled(.quota, _), .badConfiguration: .fault
        case .throttled(_, let retryAfter):
            .busy(Int((retryAfter ?? Self.pause).components.seconds) * 1000)
        case .retry, .unknown: .failure
        }
    }
}
