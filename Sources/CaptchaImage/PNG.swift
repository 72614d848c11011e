import CPNG

/// Writes grey pictures as PNG (ISO/IEC 15948) with a palette of sixteen greys, four bits a pixel.
enum PNG {
    private static let shades = 16
    private static let ink = 20
    private static let paper = 240

    /// The greys from bare paper to full ink.
    private static let palette = (0..<shades).map { UInt8(paper - $0 * (paper - ink) / (shades - 1)) }

    /// The file for a picture whose pixels say how much ink covers them: 0 for none, 255 for all.
    static func encode(coverage: [UInt8], width: Int, height: Int) throws(CaptchaImageError) -> [UInt8] {
        let pixels = coverage.map { UInt8((Int($0) * (shades - 1) + 127) / 255) }
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        image.width = UInt32(width)
        image.height = UInt32(height)
        image.format = UInt32(PNG_FORMAT_FLAG_COLORMAP)
        image.colormap_entries = UInt32(shades)

        // Deflate never adds more than a few bytes for each 16 KiB, and the other chunks are small.
        let capacity = pixels.count + pixels.count / 1024 + 1024
        var written = png_alloc_size_t(capacity)
        var succeeded = false
        let file = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let status = png_image_write_to_memory(
                &image, buffer.baseAddress, &written, 0, pixels, Int32(width), palette)
            succeeded = status != 0
            count = succeeded ? Int(written) : 0
        }
        guard succeeded else {
            throw CaptchaImageError(.drawingFailed, "libpng refused a picture of \(width) x \(height) pixels")
        }
        return file
    }
}
