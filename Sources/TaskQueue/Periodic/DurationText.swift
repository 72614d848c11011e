/// Lengths of time as people write them: `30s`, `5m`, `1h`, `2d`.
package enum DurationText {
    /// What error messages say.
    package static let expectation = "a whole number and a unit, such as 30s, 5m, 1h or 2d"

    /// Nil for other text, also for nothing and for more than a hundred years.
    package static func duration(_ text: String) -> Duration? {
        let units = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = units[String(text.dropFirst(digits.count))], let count = Int(digits), count > 0,
            count <= Int(Duration.longestOnTheWire.components.seconds) / unit
        else { return nil }
        return .seconds(count * unit)
    }
}
