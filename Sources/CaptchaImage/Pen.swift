import CFreeType

/// A round pen that draws closed polygons, and the ink that it leaves. The value owns its FreeType handles
/// and frees them when it ends.
///
/// FreeType allows a library handle in one thread at a time. Each picture has its own pen and each pen its own
/// library (making one takes microseconds), so pictures may be drawn at the same time without a lock.
struct Pen: ~Copyable {
    /// FreeType counts in 64ths of a pixel.
    private static let unit = 64.0

    /// The pixels that a point may be away from the corner: FreeType refuses outlines beyond 2¹⁸.
    private static let reach = -100_000.0...100_000.0

    private let library: FT_Library
    private let stroker: FT_Stroker

    init(width: Double) throws(CaptchaImageError) {
        guard width > 0, width <= 100 else {
            throw CaptchaImageError(.drawingFailed, "a pen of \(width) px cannot be drawn with: use 0 to 100 px")
        }
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw CaptchaImageError(.drawingFailed, "FreeType did not start")
        }
        var stroker: FT_Stroker?
        guard FT_Stroker_New(library, &stroker) == 0, let stroker else {
            FT_Done_FreeType(library)
            throw CaptchaImageError(.drawingFailed, "FreeType has no memory for a pen")
        }
        FT_Stroker_Set(
            stroker, FT_Fixed(width / 2 * Self.unit), FT_STROKER_LINECAP_ROUND, FT_STROKER_LINEJOIN_ROUND, 0)
        self.library = library
        self.stroker = stroker
    }

    deinit {
        FT_Stroker_Done(stroker)
        FT_Done_FreeType(library)
    }

    /// Draws along the edge of an outline.
    mutating func draw(_ outline: Outline) throws(CaptchaImageError) {
        for contour in outline.contours {
            guard let start = contour.first else { continue }
            var vector = try vector(start)
            try check(FT_Stroker_BeginSubPath(stroker, &vector, 0))
            for point in contour.dropFirst() {
                vector = try self.vector(point)
                try check(FT_Stroker_LineTo(stroker, &vector))
            }
            try check(FT_Stroker_EndSubPath(stroker))
        }
    }

    /// How much of each pixel the pen has covered, 0 to 255, row by row from the top.
    func coverage(width: Int, height: Int) throws(CaptchaImageError) -> [UInt8] {
        var points: FT_UInt = 0
        var contours: FT_UInt = 0
        try check(FT_Stroker_GetCounts(stroker, &points, &contours))
        var outline = FT_Outline()
        try check(FT_Outline_New(library, points, FT_Int(contours), &outline))
        defer { FT_Outline_Done(library, &outline) }
        outline.n_points = 0
        outline.n_contours = 0
        FT_Stroker_Export(stroker, &outline)

        var pixels = [UInt8](repeating: 0, count: width * height)
        let status = pixels.withUnsafeMutableBufferPointer { buffer in
            var bitmap = FT_Bitmap()
            bitmap.rows = UInt32(height)
            bitmap.width = UInt32(width)
            bitmap.pitch = Int32(width)
            bitmap.buffer = buffer.baseAddress
            bitmap.num_grays = 256
            bitmap.pixel_mode = UInt8(FT_PIXEL_MODE_GRAY.rawValue)
            return FT_Outline_Get_Bitmap(library, &outline, &bitmap)
        }
        try check(status)
        return pixels
    }

    private func vector(_ point: Point) throws(CaptchaImageError) -> FT_Vector {
        guard Self.reach.contains(point.x), Self.reach.contains(point.y) else {
            throw CaptchaImageError(.drawingFailed, "the point (\(point.x), \(point.y)) is too far off to be drawn")
        }
        let scaled = (point * Self.unit).rounded(.toNearestOrEven)
        return FT_Vector(x: FT_Pos(scaled.x), y: FT_Pos(scaled.y))
    }

    private func check(_ status: FT_Error) throws(CaptchaImageError) {
        guard status == 0 else {
            throw CaptchaImageError(
                .drawingFailed,
                "FreeType refused the drawing (error \(status)): its outlines are too large or too many")
        }
    }
}
