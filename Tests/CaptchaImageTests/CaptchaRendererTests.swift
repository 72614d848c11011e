import CaptchaImage
import TestSupport
import Testing

struct CaptchaRendererTests {
    private static let everything = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

    let renderer: CaptchaRenderer

    init() throws {
        renderer = try CaptchaRenderer()
    }

    private static let eachDesignAndLength = CaptchaDesignName.allCases.flatMap { name in
        (1...CaptchaRenderer.longestText).map { (name, $0) }
    }

    private func png(of text: String, seed: UInt64) throws -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return try renderer.png(of: text, using: &generator)
    }

    @Test func aPictureIsAPNGOfTheStatedSize() throws {
        let file = try renderer.png(of: "KM36")
        #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(Array(file[8..<16]) == [0, 0, 0, 13] + Array("IHDR".utf8))
        #expect(Array(file[16..<24]) == [0, 0, 0, 250, 0, 0, 0, 120])
        #expect(file[24] == 4, "four bits a pixel")
        #expect(Array(file.suffix(8).prefix(4)) == Array("IEND".utf8))
    }

    @Test func aPictureDecodesToInkOnPaper() throws {
        let picture = try DecodedPNG(renderer.png(of: "KM36"))
        #expect(picture.width == 250)
        #expect(picture.height == 120)
        #expect(picture.greys.max() == 240)
        #expect(picture.greys.min() == 20)
        #expect((0.02...0.20).contains(picture.inkShare))
    }

    @Test func aDamagedPictureDoesNotDecode() throws {
        var file = try renderer.png(of: "KM36")
        file[file.count / 2] ^= 0x10
        #expect(throws: DecodedPNG.Failure.self) { try DecodedPNG(file) }
    }

    @Test(arguments: everything)
    func everyLetterAndDigitDrawsInk(character: Character) throws {
        let picture = try DecodedPNG(renderer.png(of: String(character)))
        #expect((0.005...0.08).contains(picture.inkShare))
    }

    @Test func everyLetterAndDigitLooksDifferent() throws {
        let files = try Self.everything.map { try png(of: String($0), seed: 7) }
        #expect(Set(files).count == Self.everything.count)
    }

    @Test(arguments: eachDesignAndLength)
    func picturesAreSmallAndNothingIsCutOff(name: CaptchaDesignName, length: Int) throws {
        let renderer = try CaptchaRenderer(design: name.design())
        for seed in UInt64(0)..<25 {
            var letters = SeededGenerator(seed: seed)
            let text = String((0..<length).compactMap { _ in Self.everything.randomElement(using: &letters) })
            var generator = SeededGenerator(seed: seed)
            let file = try renderer.png(of: text, using: &generator)
            #expect(file.count <= 6 * 1024)
            #expect(try DecodedPNG(file).hasBareEdges, "\(text), seed \(seed)")
        }
    }

    @Test func theSameTextLooksDifferentEachTime() throws {
        let files = try (0..<20).map { _ in try renderer.png(of: "KM36") }
        #expect(Set(files).count == 20)
    }

    @Test func theSameRandomNumbersGiveTheSamePicture() throws {
        #expect(try png(of: "KM36", seed: 1) == png(of: "KM36", seed: 1))
        #expect(try png(of: "KM36", seed: 1) != png(of: "KM36", seed: 2))
        #expect(try png(of: "KM36", seed: 1) != png(of: "KM39", seed: 1))
    }

    @Test func manyTasksDrawAtOnce() async throws {
        let expected = try (UInt64(0)..<25).map { try png(of: "KM36", seed: $0) }
        try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { @concurrent in
                    try (UInt64(0)..<25).map { try png(of: "KM36", seed: $0) }
                }
            }
            for try await files in group {
                #expect(files == expected)
            }
        }
    }

    @Test(arguments: ["KM3a", "KM 3", "KM3验", "KM3é"])
    func anUnknownCharacterIsNamed(text: String) throws {
        let error = try #require(throws: CaptchaImageError.self) { try renderer.png(of: text) }
        let character = try #require(text.first { !Self.everything.contains($0) })
        #expect(error.code == .unsupportedText)
        #expect(error.message == "'\(character)' cannot be drawn: use A-Z and 0-9")
    }

    @Test(arguments: ["", "KM36KM36K"])
    func aTextOfAnotherLengthIsRefused(text: String) throws {
        let error = try #require(throws: CaptchaImageError.self) { try renderer.png(of: text) }
        #expect(error.code == .unsupportedText)
        #expect(error.message == "a text of \(text.count) characters cannot be drawn: use 1 to 8")
    }
}
