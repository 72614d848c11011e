/// What may stand in one of the five fields of a cron expression.
struct CronField: Sendable {
    /// What error messages call it.
    let name: String
    /// What `*` stands for.
    let range: ClosedRange<Int>
    /// Names that may be written for numbers, from the first number of the range.
    var names: [String] = []
    /// Whether one more than the highest number stands for the lowest one: Sunday.
    var isCircular = false

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let dayOfMonth = CronField(name: "day of month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronField(
        name: "day of week", range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], isCircular: true)

    /// Reads lists (`1,15`), ranges (`9-17`, `fri-sun`) and steps (`*/5`, `10-20/2`, `5/15`: from 5 on).
    func values(_ text: Substring) throws(PeriodicScheduleError) -> CronValues {
        var values = CronValues()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let selected = stride(item) else {
                throw PeriodicScheduleError(field: name, text: String(text), expected: expectation)
            }
            for value in selected { values.insert(value > range.upperBound ? range.lowerBound : value) }
        }
        return values
    }

    private func stride(_ item: Substring) -> StrideThrough<Int>? {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var step: Int?
        if parts.count == 2 {
            // A longer one would not do what it seems to say: */90 is not every 90 minutes.
            guard let number = Self.number(parts[1]), (1...range.count).contains(number) else { return nil }
            step = number
        }
        let bounds = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        if parts[0] == "*" {
            return Swift.stride(from: range.lowerBound, through: range.upperBound, by: step ?? 1)
        }
        guard let first = value(bounds[0]) else { return nil }
        guard bounds.count == 2 else {
            return Swift.stride(from: first, through: step == nil ? first : range.upperBound, by: step ?? 1)
        }
        guard var last = value(bounds[1]) else { return nil }
        if isCircular, last == range.lowerBound, first > last { last = range.upperBound + 1 }
        guard first <= last else { return nil }
        return Swift.stride(from: first, through: last, by: step ?? 1)
    }

    private func value(_ text: Substring) -> Int? {
        if let index = names.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        let highest = isCircular ? range.upperBound + 1 : range.upperBound
        guard let number = Self.number(text), (range.lowerBound...highest).contains(number) else { return nil }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private var expectation: String {
        let highest = isCircular ? range.upperBound + 1 : range.upperBound
        let words = names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])"
        return "*, numbers from \(range.lowerBound) to \(highest)\(words), also as lists (a,b), rising ranges (a-b) "
            + "and steps (*/n, a-b/n, n up to \(range.count))"
    }
}
