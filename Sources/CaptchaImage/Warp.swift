import Glibc

/// Two slow waves over the whole text, in units of the characters' height. The one from left to right is longer than a
/// character, so that it spares the letters and yet leaves no straight line on which to cut the text in two.
struct Warp {
    private let columnsPerTurn: Double
    private let rowsPerTurn: Double
    private let columnStart: Double
    private let rowStart: Double

    init(using generator: inout some RandomNumberGenerator) {
        columnsPerTurn = .random(in: 2.2...3.6, using: &generator)
        rowsPerTurn = .random(in: 0.9...1.5, using: &generator)
        columnStart = .random(in: 0..<(2 * .pi), using: &generator)
        rowStart = .random(in: 0..<(2 * .pi), using: &generator)
    }

    func callAsFunction(_ point: Point) -> Point {
        point
            + Point(
                0.06 * sin(2 * .pi * point.y / rowsPerTurn + rowStart),
                0.25 * sin(2 * .pi * point.x / columnsPerTurn + columnStart))
    }
}
