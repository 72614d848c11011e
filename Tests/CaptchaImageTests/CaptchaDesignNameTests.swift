import CaptchaImage
import TestSupport
import Testing

struct CaptchaDesignNameTests {
    @Test(arguments: CaptchaDesignName.allCases)
    func aDesignIsChosenByItsName(name: CaptchaDesignName) throws {
        #expect(try CaptchaDesignName(named: name.rawValue) == name)
    }

    @Test(arguments: ["", "Zigzag", "circle"])
    func anUnknownNameIsAnsweredWithTheKnownOnes(name: String) throws {
        let error = try #require(throws: CaptchaImageError.self) { try CaptchaDesignName(named: name) }
        #expect(error.code == .unknownDesign)
        #expect(error.message == "there is no captcha design '\(name)'; known are: zigzag, rows")
    }

    @Test(arguments: CaptchaDesignName.allCases)
    func aDesignIsDrawnWithTheFontsThatItIsGiven(name: CaptchaDesignName) throws {
        #expect(name.design().fonts == FontFile.boldFaces)
        let font = FontFile(path: "/fonts/Own.ttf")
        #expect(name.design(fonts: [font]).fonts == [font])
    }

    @Test func designsDiffer() throws {
        let pictures = try CaptchaDesignName.allCases.map { name in
            var generator = SeededGenerator(seed: 1)
            return try CaptchaRenderer(design: name.design()).png(of: "KM36TW", using: &generator)
        }
        #expect(Set(pictures).count == CaptchaDesignName.allCases.count)
    }
}
