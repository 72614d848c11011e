import CPNG

/// A PNG read back by libpng, which also checks the checksum of every chunk.
struct DecodedPNG {
    struct Failure: Error {}

    var width: Int
    var height: Int
    /// One grey a pixel, 0 for black, row by row from the top.
    var greys: [UInt8]

    init(_ file: [UInt8]) throws {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, file, file.count) != 0, image.warning_or_error == 0 else {
            throw Failure()
        }
        image.format = 0  // PNG_FORMAT_GRAY
        width = Int(image.width)
        height = Int(image.height)
        greys = [UInt8](repeating: 0, count: width * height)
        guard png_image_finish_read(&image, nil, &greys, Int32(width), nil) != 0, image.warning_or_error == 0 else {
            throw Failure()
        }
    }

    /// The share of pixels that are darker than the middle between ink and paper.
    var inkShare: Double {
        Double(greys.count { $0 < 130 }) / Double(greys.count)
    }

    /// Whether every pixel on the four edges is bare paper.
    var hasBareEdges: Bool {
        greys.indices.allSatisfy { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: width)
            let isEdge = row == 0 || row == height - 1 || column == 0 || column == width - 1
            return !isEdge || greys[index] == greys[0]
        }
    }
}
