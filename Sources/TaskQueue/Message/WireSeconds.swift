extension Duration {
    /// A hundred years: no time that a message or a schedule gives is longer. Whoever means longer means no limit.
    static let longestOnTheWire = Duration.seconds(36_500 * 86_400)

    /// A time in seconds that a stranger wrote; nil for what is none, such as a negative or an absurdly long one.
    init?(wireSeconds seconds: Double?) {
        guard let seconds, seconds >= 0, seconds <= Self.longestOnTheWire / .seconds(1) else { return nil }
        self = .seconds(seconds)
    }
}
