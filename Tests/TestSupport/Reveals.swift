extension StringProtocol {
    /// Whether a code, a number or another secret stands in it.
    ///
    /// Digits inside a longer run of digits, or behind a point, are a time or a duration. A number behind its country
    /// code is that number all the same, in each spelling of it: `+86…`, `0086…`.
    public func reveals(_ secret: String) -> Bool {
        let isNumber = secret.count == 11 && secret.allSatisfy(\.isNumber)
        return ranges(of: secret).contains { range in
            let (before, after) = (self[..<range.lowerBound], self[range.upperBound...])
            if isNumber && before.hasSuffix("86") { return true }
            let isFraction = before.last == "." && before.dropLast().last?.isNumber == true
            return !isFraction && before.last?.isNumber != true && after.first?.isNumber != true
        }
    }
}
