import Glibc

/// Moves the corners of a character's box apart, then slants, stretches and turns it, all at random.
struct Turn {
    private let box: Box
    private let lowerLeft: Point
    private let lowerRight: Point
    private let upperLeft: Point
    private let upperRight: Point
    private let slant: Double
    private let stretch: Point
    private let cosine: Double
    private let sine: Double

    /// Chooses how, for a character with that box; the angle is the largest, to either side, in degrees.
    init(of box: Box, angle: Double, using generator: inout some RandomNumberGenerator) {
        self.box = box
        lowerLeft = .random(in: -0.14...0.14, using: &generator)
        lowerRight = .random(in: -0.14...0.14, using: &generator)
        upperLeft = .random(in: -0.14...0.14, using: &generator)
        upperRight = .random(in: -0.14...0.14, using: &generator)
        slant = .random(in: -0.2...0.2, using: &generator)
        stretch = Point(.random(in: 0.85...1.1, using: &generator), .random(in: 0.9...1.1, using: &generator))
        let angle = Double.random(in: -angle...angle, using: &generator) * .pi / 180
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
