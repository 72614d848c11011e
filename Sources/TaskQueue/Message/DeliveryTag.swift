/// What tells one publishing of a message from all others in flight; each retry has a new one.
///
/// To others it is any text. Ours begins with the time, so that people can be told since when a message waits.
enum DeliveryTag {
    private static let timeDigits = 12
    private static let randomDigits = 8

    /// The time in milliseconds since 1970-01-01T00:00:00Z in twelve hexadecimal digits, and eight from the system's
    /// generator.
    static func random(at time: WireTime = .now) -> String {
        Hexadecimal.text(UInt64(max(0, time.milliseconds)), digits: timeDigits)
            + Hexadecimal.text(PooledRandomNumbers().next() >> 32, digits: randomDigits)
    }

    /// When it was made; nil for what somebody else has made.
    static func time(of tag: String) -> WireTime? {
        time(of: tag.utf8)
    }

    /// Looked at for every message that is run: without making texts of its parts.
    private static func time(of tag: some Collection<UInt8>) -> WireTime? {
        guard tag.count == timeDigits + randomDigits else { return nil }
        var milliseconds = 0
        for (index, byte) in tag.enumerated() {
            guard let digit = Hexadecimal.digit(byte) else { return nil }
            if index < timeDigits { milliseconds = milliseconds << 4 | digit }
        }
        return milliseconds > 1_500_000_000_000 ? WireTime(microseconds: milliseconds * 1000) : nil
    }

    /// The same of a tag in a message.
    static func time(of tag: JSONText) -> WireTime? {
        tag.kind == .string ? time(of: tag.bytes.dropFirst().dropLast()) : nil
    }
}
