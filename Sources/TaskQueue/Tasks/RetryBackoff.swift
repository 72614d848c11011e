/// Exponential back-off with full jitter: a random pause between nothing and a ceiling that doubles with each retry.
///
/// Source: <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
public struct RetryBackoff: Sendable, Hashable {
    /// The ceiling of the first pause.
    public var first: Duration = .seconds(1)
    /// No ceiling is higher.
    public var longest: Duration = .seconds(60)

    /// One second, doubling up to a minute.
    public init() {}

    /// The pause before the retry with that number, counted from 0.
    public func pause(beforeRetry retry: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(first * (1 << min(retry, 30)), longest)
        return ceiling * Double.random(in: 0...1, using: &generator)
    }
}
