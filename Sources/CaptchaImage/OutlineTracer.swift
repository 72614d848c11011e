/// Turns the lines and Bézier curves of a font into polygons whose edges are short enough to bend well.
struct OutlineTracer {
    /// How far a chord may stray from its curve, in em. At 60 px per em this is a sixth of a pixel.
    static let tolerance = 0.0025

    /// The longest edge, in em. Longer ones are split, because only their ends follow a bend.
    static let longestEdge = 0.12

    /// The length of one font unit in em.
    let unit: Double

    private(set) var contours: [[Point]] = []
    private var current = Point.zero

    init(unitsPerEm: Double) {
        unit = 1 / unitsPerEm
    }

    mutating func move(to end: Point) {
        current = end * unit
        contours.append([current])
    }

    mutating func line(to end: Point) {
        let start = current
        let edge = end * unit - start
        let steps = max(1, (length(edge) / Self.longestEdge).rounded(.up))
        append(steps: steps) { start + edge * $0 }
    }

    mutating func quadratic(control: Point, to end: Point) {
        let (start, control, end) = (current, control * unit, end * unit)
        // A chord over 1/n of the parameter strays by at most |second difference| / 4n².
        let bend = length(start - 2 * control + end) / 4
        append(steps: steps(bend: bend)) { t in
            let s = 1 - t
            return start * (s * s) + control * (2 * s * t) + end * (t * t)
        }
    }

    mutating func cubic(_ first: Point, _ second: Point, to end: Point) {
        let (start, first, second, end) = (current, first * unit, second * unit, end * unit)
        let bend = 0.75 * max(length(start - 2 * first + second), length(first - 2 * second + end))
        append(steps: steps(bend: bend)) { t in
            let s = 1 - t
            return start * (s * s * s) + first * (3 * s * s * t) + second * (3 * s * t * t) + end * (t * t * t)
        }
    }

    /// The outline, centred on the origin and one high.
    func normalised() -> Outline {
        let closed = contours.map { contour in
            contour.count > 1 && contour.first == contour.last ? contour.dropLast() : contour[...]
        }
        let outline = Outline(contours: closed.map(Array.init))
        let box = outline.bounds
        let height = max(box.size.y, .leastNormalMagnitude)
        return outline.map { ($0 - box.centre) / height }
    }

    private func steps(bend: Double) -> Double {
        max(1, (bend / Self.tolerance).squareRoot().rounded(.up))
    }

    private mutating func append(steps: Double, _ curve: (Double) -> Point) {
        for step in stride(from: 1, through: steps, by: 1) {
            current = curve(step / steps)
            contours[contours.endIndex - 1].append(current)
        }
    }
}

private func length(_ vector: Point) -> Double {
    (vector * vector).sum().squareRoot()
}
