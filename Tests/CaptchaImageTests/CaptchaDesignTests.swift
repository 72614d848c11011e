import CaptchaImage
import Testing

/// Another design plugs in: whatever a design asks for is drawn, or refused with a reason.
struct CaptchaDesignTests {
    /// Draws one box, whatever the text.
    private struct BoxDesign: CaptchaDesign {
        let fonts = [FontFile.boldFaces[0]]
        var width = 40
        var height = 20
        var penWidth = 2.0
        var corner = Point(10, 5)

        func drawing(
            of characters: [[Outline]], using generator: inout some RandomNumberGenerator
        ) -> CaptchaDrawing {
            let box = Outline(contours: [[Point(5, 5), Point(corner.x, 5), corner, Point(5, corner.y)]])
            return CaptchaDrawing(width: width, height: height, outlines: [box], penWidth: penWidth)
        }
    }

    /// Hands out what the renderer gave it.
    private struct RowDesign: CaptchaDesign {
        let fonts = Array(FontFile.boldFaces.prefix(2))

        func drawing(
            of characters: [[Outline]], using generator: inout some RandomNumberGenerator
        ) -> CaptchaDrawing {
            let isNormal = characters.joined().allSatisfy { outline in
                let box = outline.bounds
                return abs(box.size.y - 1) < 1e-9 && abs(box.centre.x) < 1e-9 && abs(box.centre.y) < 1e-9
            }
            let hasEachFont = characters.allSatisfy { $0.count == fonts.count }
            return CaptchaDrawing(
                width: characters.count, height: isNormal && hasEachFont ? 7 : 1, outlines: [], penWidth: 1)
        }
    }

    @Test func pixelsAreWhereTheDesignPutsThem() throws {
        let picture = try DecodedPNG(CaptchaRenderer(design: BoxDesign()).png(of: "A"))
        func grey(_ x: Int, _ yFromBelow: Int) -> UInt8 { picture.greys[(picture.height - 1 - yFromBelow) * 40 + x] }
        // A pen of 2 px around the line from (5, 5) to (10, 5) covers y 4 to 6.
        #expect(grey(7, 4) == 20)
        #expect(grey(7, 5) == 20)
        #expect(grey(7, 7) == 240)
        #expect(grey(7, 2) == 240)
        #expect(grey(20, 5) == 240)
    }

    @Test func aDesignGetsEachCharacterInEachFontOneHighAndCentred() throws {
        let picture = try DecodedPNG(CaptchaRenderer(design: RowDesign()).png(of: "JQ4"))
        #expect(picture.width == 3)
        #expect(picture.height == 7)
    }

    @Test func whatLiesOutsideTheCanvasIsCutOff() throws {
        let picture = try DecodedPNG(CaptchaRenderer(design: BoxDesign(corner: Point(500, 500))).png(of: "A"))
        #expect(picture.inkShare > 0)
    }

    private static let impossible = [
        BoxDesign(width: 0), BoxDesign(height: -1), BoxDesign(width: 100_000), BoxDesign(penWidth: 0),
        BoxDesign(penWidth: .nan), BoxDesign(corner: Point(.nan, 0)), BoxDesign(corner: Point(0, .infinity)),
        BoxDesign(corner: Point(1e300, 0)),
    ]

    @Test(arguments: impossible.indices)
    func anImpossibleDrawingIsRefused(index: Int) throws {
        let renderer = try CaptchaRenderer(design: Self.impossible[index])
        let error = try #require(throws: CaptchaImageError.self) { try renderer.png(of: "A") }
        #expect(error.code == .drawingFailed)
    }
}
