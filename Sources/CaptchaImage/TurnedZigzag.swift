import Glibc

/// Characters drawn as bare outlines, each in a font of its own and turned, set alternately above and below
/// the middle so that neighbours share columns and often touch.
///
/// Reading it takes no rule but "from left to right, up and down". What hinders stock optical character
/// recognition is that no vertical cut separates two characters and no straight line of text runs through
/// them; the more characters, the more so.
public struct TurnedZigzag: CaptchaDesign {
    /// Five bold faces, one chosen at random for each character.
    public let fonts = FontFile.boldFaces

    /// The canvas in pixels. Pages should show it at 1.25 times this size or more.
    private let canvas = Point(250, 120)

    /// The paper that stays free on each side, in pixels.
    private let margin = 8.0

    /// The height of an upright character in pixels, at most. Layout is in units of this height.
    private let characterHeight = 50.0

    /// Makes the design.
    public init() {}

    /// Lays out one picture of 250 x 120 pixels.
    public func drawing(
        of characters: [[Outline]], using generator: inout some RandomNumberGenerator
    ) -> CaptchaDrawing {
        let line = zigzag(characters, using: &generator)
        let warp = Warp(using: &generator)
        let placed = fit(line.map { $0.map(warp.callAsFunction) }, using: &generator)
        return CaptchaDrawing(
            width: Int(canvas.x), height: Int(canvas.y), outlines: placed,
            penWidth: .random(in: 1.8...2.4, using: &generator))
    }

    /// Sets the characters side by side, one up and one down, each overlapping the columns of the one before.
    private func zigzag(
        _ characters: [[Outline]], using generator: inout some RandomNumberGenerator
    ) -> [Outline] {
        let lift = Double.random(in: 0.30...0.40, using: &generator)
        var side = Bool.random(using: &generator) ? 1.0 : -1.0
        var edge = 0.0
        var line: [Outline] = []
        for faces in characters {
            guard let face = faces.randomElement(using: &generator) else { continue }
            let turned = face.map(Turn(of: face.bounds, using: &generator).callAsFunction)
            let box = turned.bounds
            let left = line.isEmpty ? 0 : edge - .random(in: 0.30...0.42, using: &generator)
            let middle = side * (lift + .random(in: -0.05...0.05, using: &generator))
            let shift = Point(left - box.lower.x, middle - box.centre.y)
            line.append(turned.map { $0 + shift })
            edge = left + box.size.x
            side = -side
        }
        return line
    }

    /// Scales the line to pixels and puts it somewhere on the canvas, wholly inside the margin.
    private func fit(_ line: [Outline], using generator: inout some RandomNumberGenerator) -> [Outline] {
        let box = Outline(contours: line.flatMap(\.contours)).bounds
        let room = canvas - 2 * margin
        let widest = room / pointwiseMax(box.size, Point(repeating: .leastNormalMagnitude))
        let scale = min(characterHeight, widest.min())
        let slack = pointwiseMax(room - box.size * scale, .zero)
        let origin = Point(
            margin + .random(in: 0...slack.x, using: &generator),
            margin + .random(in: 0...slack.y, using: &generator))
        return line.map { $0.map { ($0 - box.lower) * scale + origin } }
    }
}

/// Moves the corners of a character's box apart, then slants, stretches and turns it.
private struct Turn {
    private let box: Box
    private let lowerLeft: Point
    private let lowerRight: Point
    private let upperLeft: Point
    private let upperRight: Point
    private let slant: Double
    private let stretch: Point
    private let cosine: Double
    private let sine: Double

    init(of box: Box, using generator: inout some RandomNumberGenerator) {
        self.box = box
        lowerLeft = .random(in: -0.14...0.14, using: &generator)
        lowerRight = .random(in: -0.14...0.14, using: &generator)
        upperLeft = .random(in: -0.14...0.14, using: &generator)
        upperRight = .random(in: -0.14...0.14, using: &generator)
        slant = .random(in: -0.2...0.2, using: &generator)
        stretch = Point(.random(in: 0.85...1.1, using: &generator), .random(in: 0.9...1.1, using: &generator))
        let angle = Double.random(in: -30...30, using: &generator) * .pi / 180
        cosine = cos(angle)
        sine = sin(angle)
    }

    func callAsFunction(_ point: Point) -> Point {
        let part = (point - box.lower) / pointwiseMax(box.size, Point(repeating: .leastNormalMagnitude))
        let below = lowerLeft * (1 - part.x) + lowerRight * part.x
        let above = upperLeft * (1 - part.x) + upperRight * part.x
        let pulled = point + below * (1 - part.y) + above * part.y
        let slanted = Point(pulled.x + slant * pulled.y, pulled.y) * stretch
        return Point(slanted.x * cosine - slanted.y * sine, slanted.x * sine + slanted.y * cosine)
    }
}

/// Two slow waves over the whole line, in units of the characters' height.
private struct Warp {
    private let columnsPerTurn: Double
    private let rowsPerTurn: Double
    private let columnStart: Double
    private let rowStart: Double

    init(using generator: inout some RandomNumberGenerator) {
        columnsPerTurn = .random(in: 1.0...1.7, using: &generator)
        rowsPerTurn = .random(in: 0.9...1.5, using: &generator)
        columnStart = .random(in: 0..<(2 * .pi), using: &generator)
        rowStart = .random(in: 0..<(2 * .pi), using: &generator)
    }

    func callAsFunction(_ point: Point) -> Point {
        point
            + Point(
                0.06 * sin(2 * .pi * point.y / rowsPerTurn + rowStart),
                0.10 * sin(2 * .pi * point.x / columnsPerTurn + columnStart))
    }
}
