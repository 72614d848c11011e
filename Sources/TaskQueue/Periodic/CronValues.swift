/// The values that match in one field of a cron expression.
struct CronValues: Sendable, Hashable {
    private var bits: UInt64 = 0

    mutating func insert(_ value: Int) {
        bits |= 1 << UInt64(value)
    }

    func contains(_ value: Int) -> Bool {
        bits & (1 << UInt64(value)) != 0
    }

    /// The lowest one that is not lower than this.
    func first(from value: Int) -> Int? {
        let rest = bits & (UInt64.max << UInt64(value))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }
}
