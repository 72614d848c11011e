/// A number as people write it: no fraction when there is none.
func decimal(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1_000_000_000_000_000 {
        return "\(whole)"
    }
    return "\(value)"
}
