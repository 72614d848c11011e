/// How many messages may be sent: to a number, for an address, to a group of numbers, in all, and for how much money.
///
/// The start is ``init()``, the defaults; ``init(text:)`` reads what an operator changes of them.
public struct LimitTable: Sendable, Hashable {
    /// How long a number waits after the first, second, … message; the last one goes for all further ones.
    public var waits: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(600), .seconds(1200)]
    /// For how long a message counts as an earlier one for ``waits``.
    public var waitMemory: Duration = .seconds(3600)
    /// The counted limits. Of one scope, each has a period of its own.
    public var limits: [SendLimit] = [
        SendLimit("number-hour", of: .number, 5, per: .seconds(3600)),
        SendLimit("number-day", of: .number, 10, per: .seconds(86_400)),
        SendLimit("address-minute", of: .address, 10, per: .seconds(60)),
        SendLimit("address-hour", of: .address, 60, per: .seconds(3600)),
        SendLimit("address-day", of: .address, 300, per: .seconds(86_400)),
        SendLimit("session-hour", of: .session, 10, per: .seconds(3600)),
        SendLimit("session-day", of: .session, 30, per: .seconds(86_400)),
        SendLimit("prefix-hour", of: .prefix, 2400, per: .seconds(3600)),
        SendLimit("prefix-day", of: .prefix, 10_000, per: .seconds(86_400)),
        SendLimit("country-hour", of: .country, 20_000, per: .seconds(3600)),
        SendLimit("country-day", of: .country, 150_000, per: .seconds(86_400)),
        SendLimit("total-minute", of: .total, 1200, per: .seconds(60)),
        SendLimit("total-hour", of: .total, 30_000, per: .seconds(3600)),
        SendLimit("total-day", of: .total, 200_000, per: .seconds(86_400)),
    ]
    /// Numbers that are sent nothing, which nobody is told.
    public var blocked: Set<MobileNumber> = []
    /// How many sends of a prefix may be unresolved.
    public var credit = CreditWindow()
    /// The expected price of a message by country code, in any unit that is small enough for whole numbers; the defaults
    /// are thousandths of a fen.
    public var prices = ["86": 4500]
    /// The price for other countries.
    public var otherPrice = 60_000
    /// What may be spent, in the unit of the prices.
    public var budgets = [
        Budget("budget-hour", 100_000_000, per: .seconds(3600)),
        Budget("budget-day", 500_000_000, per: .seconds(86_400)),
    ]
    /// At how many percent of a budget the alarm is raised.
    public var alarmPercent = 80

    /// The defaults.
    public init() {}

    /// The expected price of a message to that country.
    public func price(ofCountry country: String) -> Int { prices[country] ?? otherPrice }

    /// Finds budgets that are smaller than one message costs: they would refuse all messages to a country, for ever.
    ///
    /// - Parameter countries: The codes of the countries that are sent to, such as `86`.
    /// - Throws: ``LimitTableError``, which names budget, country and remedy.
    public func checkBudgets(for countries: some Sequence<String>) throws(LimitTableError) {
        for country in countries.sorted() {
            let price = price(ofCountry: country)
            guard let budget = budgets.first(where: { $0.ceiling < price }) else { continue }
            throw LimitTableError(
                message: "budget: \(budget.name) is \(budget.ceiling), less than the price \(price) of one message to "
                    + "country \(country), so that none would ever be sent; raise the budget or correct the price")
        }
    }

    /// The name of the limit that ``waits`` make.
    static let waitName = "number-wait"
    /// The name of the limit that ``credit`` makes.
    static let creditName = "credit"

    func limits(of scope: SendLimit.Scope) -> [SendLimit] { limits.filter { $0.scope == scope } }

    /// All names, in the order in which the scripts know the limits.
    var names: [String] {
        [Self.waitName] + SendLimit.Scope.allCases.flatMap { limits(of: $0) }.map(\.name) + [Self.creditName]
            + budgets.map(\.name)
    }
}

/// At most so many messages in any time of that length.
///
/// The limits of a number, an address and a session count exactly. Those of larger groups estimate, as sliding-window counters do:
/// the messages of the current period of the clock, and as much of those of the one before as the sliding time still
/// reaches back to, as if they had come evenly. Steady traffic is held to the count; of bursts around the end of a period,
/// up to twice the count may fall into such a time, never more than the count into a period of the clock.
public struct SendLimit: Sendable, Hashable {
    /// Whose messages are counted, in the order in which the scripts know the limits.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Those to one number.
        case number
        /// Those that one client address asked for.
        case address
        /// Those that one client of `/v1` asked for: one browser's cookie, or one token. Whoever throws it away has a new
        /// one for the asking, so that it holds back people who share an address, not attackers.
        case session
        /// Those to the numbers that differ in the last four digits alone.
        case prefix
        /// Those to one country.
        case country
        /// All.
        case total

        /// Every send is remembered by its moment, instead of counted.
        var isExact: Bool { self == .number || self == .address || self == .session }
    }

    /// What operators call it, in logs and metrics.
    public var name: String
    /// Whose messages are counted.
    public var scope: Scope
    /// How many.
    public var count: Int
    /// In how much time, in whole seconds.
    public var period: Duration

    /// Makes a limit.
    public init(_ name: String, of scope: Scope, _ count: Int, per period: Duration) {
        self.name = name
        self.scope = scope
        self.count = count
        self.period = period
    }
}

/// How many sends of a prefix may be unresolved at a time: neither confirmed by their code nor expired.
///
/// Whoever pumps messages to numbers that pay him never enters a code: his sends stay unresolved, expire, and narrow the
/// window. Within the window one proof of being human is enough; beyond it both are wanted; at a multiple of the window
/// nothing is sent at all. That is what bounds an attack whose proofs are all good: with the defaults to 24 messages at
/// once, then 6 for each expiry.
public struct CreditWindow: Sendable, Hashable {
    /// The window of a prefix about which nothing is known.
    public var start = 8
    /// It is never narrower.
    public var floor = 2
    /// It is never wider.
    public var ceiling = 80
    /// By how much a confirmed code widens it.
    public var widening = 1
    /// By how much an expired send narrows it.
    public var narrowing = 1
    /// At how many windows messages are refused.
    public var refusalMultiple = 3
    /// When an unresolved send counts as expired: somewhat later than its code.
    public var expiry: Duration = .seconds(360)

    /// The defaults.
    public init() {}

    /// The pressures that there are: see ``ProofLevel/both(pressure:)``.
    public static let pressures = 1...4
}

/// At most so much money in each period, by the server's clock in UTC: in each hour from its first minute on, say.
public struct Budget: Sendable, Hashable {
    /// What operators call it, in logs and metrics.
    public var name: String
    /// How much, in the unit of the prices.
    public var ceiling: Int
    /// In how much time, in whole seconds.
    public var period: Duration

    /// Makes a budget.
    public init(_ name: String, _ ceiling: Int, per period: Duration) {
        self.name = name
        self.ceiling = ceiling
        self.period = period
    }
}
