/// A time for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`.
func words(seconds: Double) -> String {
    let sign = seconds < 0 ? "-" : ""
    let length = seconds.magnitude
    guard length < 1e12 else { return "\(sign)very long" }
    if length < 9.95 { return "\(sign)\(tenths(length)) s" }
    let whole = Int(length.rounded())
    func two(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        sign + "\(large) \(largeUnit)" + (small > 0 ? " \(small) \(smallUnit)" : "")
    }
    if whole < 60 { return "\(sign)\(whole) s" }
    if whole < 3600 { return two(whole / 60, "min", whole % 60, "s") }
    if whole < 86_400 { return two(whole / 3600, "h", whole / 60 % 60, "min") }
    return two(whole / 86_400, "d", whole / 3600 % 24, "h")
}

/// A number with one digit behind the point.
func tenths(_ number: Double) -> String {
    guard number.magnitude < 1e15 else { return "\(number)" }
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\((tenths % 10).magnitude)"
}
