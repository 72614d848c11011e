/// Why a text is no schedule.
public struct PeriodicScheduleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The part that is wrong: `minute`, `hour`, `day of month`, `month`, `day of week`, `interval` or `schedule`.
    public var field: String
    /// What stands there.
    public var text: String
    /// What should.
    public var expected: String

    /// Makes an error.
    public init(field: String, text: String, expected: String) {
        self.field = field
        self.text = text
        self.expected = expected
    }

    public var description: String { "the \(field) is \"\(text)\": expected \(expected)" }
}
