internal import ArgumentParser
internal import SMSVerification
internal import TaskQueue

/// `sms-queue deliveries`
struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How good each provider is: what it accepts, what arrives, and what comes back, by prefix.",
        discussion: """
            The prefix is the calling code and three digits. A day is kept for \(DeliveryRecords.daysKept) days. What comes \
            later counts to the day on which the gateway was called.

            ACCEPTED is of the calls that were tried; DELIVERED, FAILED and CONFIRMED are of the messages that were \
            accepted. Times are means: of a call, from acceptance to the phone, from the request to the right code.
            """)

    @Option(
        help: ArgumentHelp("The day, UTC (default: today).", valueName: "date"),
        transform: { text in
            guard let time = WireTime(text) else { throw ValidationError("expected a date such as 2026-11-24") }
            return time
        })
    var day: WireTime?

    @OptionGroup var shown: LimitOption
    @OptionGroup var options: QueueOptions

    func run() async {
        let day = String((day ?? .now).text.prefix(10))
        await options.connected { session in
            let counts = try await DeliveryRecords(broker: session.client).counts(of: ProviderCalls.names, on: day)
            let providers = Dictionary(grouping: counts, by: \.provider)
            // Of each provider the sum, and so many prefixes.
            let rates = ProviderCalls.names.flatMap { (providers[$0] ?? []).prefix(shown.limit + 1) }
                .map { DeliveryRates($0) }
            try options.show(rates) {
                let left = counts.count - rates.count
                return TextTable.text(
                    [
                        "PROVIDER", "PREFIX", "TRIED", "ACCEPTED", "DELIVERED", "FAILED", "CONFIRMED", "CALL", "PHONE",
                        "CODE",
                    ], rates.map(\.row), nothing: "nothing was sent on \(day), or it is no longer known")
                    + (left > 0 ? "\n\(left) prefixes more; --limit shows more than \(shown.limit) of a provider." : "")
            }
        }
    }
}

/// How good a provider was, for numbers of one prefix or for all.
struct DeliveryRates: Encodable {
    let provider: String
    /// Nil: all.
    let prefix: String?
    let tried: Int
    let accepted: Int
    let delivered: Int
    let failed: Int
    let confirmed: Int
    /// Accepted of those that were tried; nil without any.
    let acceptRate: Double?
    /// Delivered of those that were accepted.
    let deliveryRate: Double?
    /// Confirmed of those that were accepted.
    let conversion: Double?
    /// The mean time of an accepted call.
    let secondsToAccept: Double?
    /// The mean time from acceptance to the phone.
    let secondsToPhone: Double?
    /// The mean time from the request to the right code.
    let secondsToCode: Double?

    init(_ counts: DeliveryCounts) {
        func quotient(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
        (provider, prefix, tried, accepted) = (counts.provider, counts.prefix, counts.tried, counts.accepted)
        (delivered, failed, confirmed) = (counts.delivered, counts.failed, counts.confirmed)
        acceptRate = quotient(accepted, tried)
        deliveryRate = quotient(delivered, accepted)
        conversion = quotient(confirmed, accepted)
        secondsToAccept = quotient(counts.acceptMilliseconds, accepted * 1000)
        secondsToPhone = quotient(counts.deliveryMilliseconds, delivered * 1000)
        secondsToCode = quotient(counts.codeMilliseconds, confirmed * 1000)
    }

    var row: [String] {
        func share(_ count: Int, _ rate: Double?) -> String {
            "\(count)" + (rate.map { " (\(tenths($0 * 100)) %)" } ?? "")
        }
        func mean(_ seconds: Double?) -> String {
            seconds.map { $0 < 1 ? "\(Int(($0 * 1000).rounded())) ms" : words(seconds: $0) } ?? "-"
        }
        return [
            provider, prefix ?? "all", "\(tried)", share(accepted, acceptRate), share(delivered, deliveryRate),
            "\(failed)", share(confirmed, conversion), mean(secondsToAccept), mean(secondsToPhone),
            mean(secondsToCode),
        ]
    }
}
