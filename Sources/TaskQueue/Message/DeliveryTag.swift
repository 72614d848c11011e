/// What tells one publishing of a message from all others in flight; each retry has a new one.
///
/// To others it is any text. Ours begins with the time, so that people can be told since when a message waits.
enum DeliveryTag {
    private static let timeDigits = 12
    private static let randomDigits = 8

    /// The time in milliseconds since 1970-01-01T00:00:00Z in twelve hexadecimal digits, and eight from the system's
    /// generator.
    static func random(at time: WireTime = .now) -> String {
        hexadecimal(UInt64(max(0, time.milliseconds)), timeDigits)
            + hexadecimal(PooledRandomNumbers().next() >> 32, randomDigits)
    }

    /// When it was made; nil for what somebody else has made.
    static func time(of tag: String) -> WireTime? {
        guard tag.utf8.count == timeDigits + randomDigits, UInt64(tag.suffix(randomDigits), radix: 16) != nil,
            let milliseconds = Int(tag.prefix(timeDigits), radix: 16), milliseconds > 1_500_000_000_000
        else { return nil }
        return WireTime(microseconds: milliseconds * 1000)
    }

    /// Since when a message could have been run: since it was published, or since the time came before which it must not.
    /// Nil when somebody else has made the tag.
    static func readySince(_ tag: String?, eta: WireTime?) -> WireTime? {
        tag.flatMap { time(of: $0) }.map { published in max(published, eta ?? published) }
    }

    private static func hexadecimal(_ number: UInt64, _ count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
