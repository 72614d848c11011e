/// A row of bars that shows how a number went, the latest at the right.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The lowest bar is 0, the highest the largest of the numbers.
    static func text(_ numbers: [Double]) -> String {
        let numbers = numbers.map { $0.isFinite ? $0 : 0 }
        let most = numbers.max() ?? 0
        return String(
            numbers.map { number in
                guard most > 0, number > 0 else { return bars[0] }
                return bars[max(1, Int((number / most * Double(bars.count - 1)).rounded()))]
            })
    }
}
