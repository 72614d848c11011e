/// A point, in whatever unit its outline is in. x grows to the right, y grows upwards.
public typealias Point = SIMD2<Double>

/// The outline of a character as closed polygons: what a design bends before it is drawn.
public struct Outline: Sendable, Equatable {
    /// The closed polygons; the last point of each is joined to the first.
    public var contours: [[Point]]

    /// Makes an outline of closed polygons.
    public init(contours: [[Point]]) {
        self.contours = contours
    }

    /// The outline with each point moved by `transform`.
    public func map(_ transform: (Point) -> Point) -> Outline {
        Outline(contours: contours.map { $0.map(transform) })
    }

    /// The smallest upright box that holds every point; an empty box at the origin if there is none.
    public var bounds: Box {
        let points = contours.joined()
        guard let first = points.first else { return Box(lower: .zero, upper: .zero) }
        var box = Box(lower: first, upper: first)
        for point in points {
            box.lower = pointwiseMin(box.lower, point)
            box.upper = pointwiseMax(box.upper, point)
        }
        return box
    }
}

/// An upright box.
public struct Box: Sendable, Equatable {
    /// The lower left corner.
    public var lower: Point

    /// The upper right corner.
    public var upper: Point

    /// The width and the height.
    public var size: Point { upper - lower }

    /// The middle.
    public var centre: Point { (lower + upper) / 2 }
}
