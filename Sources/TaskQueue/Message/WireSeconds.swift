extension Duration {
    /// A hundred years: whoever means longer means no limit.
    static let longestOnTheWire = Duration.seconds(100 * 365 * 86_400)

    /// A time in seconds that a stranger wrote; nil for what is none, such as a negative or an absurdly long one.
    init?(wireSeconds seconds: Double?) {
        guard let seconds, seconds >= 0, seconds <= Self.longestOnTheWire / .seconds(1) else { return nil }
        self = .seconds(seconds)
    }
}
