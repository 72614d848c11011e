import CFreeType

extension OutlineTracer {
    /// Follows every segment of a FreeType outline; the result is FreeType's status, 0 for success.
    mutating func trace(_ outline: inout FT_Outline) -> FT_Error {
        var callbacks = FT_Outline_Funcs(
            move_to: { end, tracer in
                add(to: tracer) { $0.move(to: Point(end)) }
            },
            line_to: { end, tracer in
                add(to: tracer) { $0.line(to: Point(end)) }
            },
            conic_to: { control, end, tracer in
                add(to: tracer) { $0.quadratic(control: Point(control), to: Point(end)) }
            },
            cubic_to: { first, second, end, tracer in
                add(to: tracer) { $0.cubic(Point(first), Point(second), to: Point(end)) }
            },
            shift: 0, delta: 0)
        return withUnsafeMutablePointer(to: &self) { tracer in
            FT_Outline_Decompose(&outline, &callbacks, tracer)
        }
    }
}

/// Adds a segment to the tracer behind FreeType's context pointer, which `trace` keeps alive during the call.
/// The result tells FreeType to go on.
private func add(to context: UnsafeMutableRawPointer?, _ segment: (inout OutlineTracer) -> Void) -> Int32 {
    guard let tracer = context?.assumingMemoryBound(to: OutlineTracer.self) else { return -1 }
    segment(&tracer.pointee)
    return 0
}

extension Point {
    fileprivate init(_ vector: UnsafePointer<FT_Vector>?) {
        self = vector.map { Point(Double($0.pointee.x), Double($0.pointee.y)) } ?? .zero
    }
}
