/// How long to wait before the next attempt to connect: longer each time, with jitter so that clients do not return in step.
struct ReconnectBackoff {
    private static let first = Duration.milliseconds(50)
    /// The longest pause.
    static let longest = Duration.seconds(2)

    private var ceiling = Self.first

    /// The next pause: between half of the ceiling and the ceiling, which doubles each time.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { ceiling = min(ceiling * 2, Self.longest) }
        return ceiling * Double.random(in: 0.5...1, using: &generator)
    }

    /// The connection was good: start again with short pauses.
    mutating func reset() {
        ceiling = Self.first
    }
}
