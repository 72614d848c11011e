import CaptchaImage
import TestSupport
import Testing

/// Where the designs put characters, shown with squares in place of letters.
struct LayoutTests {
    private static let seeds = UInt64(0)..<200

    private func boxes(_ design: any CaptchaDesign, _ count: Int, seed: UInt64) -> [Box] {
        let square = Outline(contours: [[Point(-0.4, -0.5), Point(0.4, -0.5), Point(0.4, 0.5), Point(-0.4, 0.5)]])
        var generator = SeededGenerator(seed: seed)
        let drawing = design.drawing(of: Array(repeating: [square], count: count), using: &generator)
        return drawing.outlines.map(\.bounds)
    }

    @Test func aZigzagGoesUpAndDownInTurnWithSharedColumns() {
        for seed in Self.seeds {
            let boxes = boxes(TurnedZigzag(), 6, seed: seed)
            let isUp = zip(boxes, boxes.dropFirst()).map { $0.centre.y < $1.centre.y }
            #expect(zip(isUp, isUp.dropFirst()).allSatisfy { $0 != $1 }, "seed \(seed)")
            #expect(zip(boxes, boxes.dropFirst()).allSatisfy { $0.centre.x < $1.centre.x }, "seed \(seed)")
            #expect(zip(boxes, boxes.dropFirst()).allSatisfy { $0.upper.x > $1.lower.x }, "seed \(seed)")
        }
    }

    @Test(arguments: 4...8)
    func twoRowsShareTheCharactersAndAreReadFromLeftToRight(count: Int) {
        var sizes: Set<Int> = []
        for seed in Self.seeds {
            let boxes = boxes(SlantedRows(), count, seed: seed)
            // The lower row begins where the text jumps back to the left.
            let begins = boxes.indices.dropFirst().filter { boxes[$0].centre.x < boxes[$0 - 1].centre.x }
            #expect(begins.count == 1, "seed \(seed)")
            sizes.formUnion(begins)
        }
        #expect(sizes == [count / 2, (count + 1) / 2])
    }

    @Test func theUpperRowIsAboveTheLowerOne() {
        for seed in Self.seeds {
            let heights = boxes(SlantedRows(), 6, seed: seed).map(\.centre.y)
            #expect(heights.prefix(3).reduce(0, +) > heights.suffix(3).reduce(0, +), "seed \(seed)")
        }
    }

    @Test(arguments: CaptchaDesignName.allCases)
    func aDesignOfNothingIsBarePaper(name: CaptchaDesignName) {
        #expect(boxes(name.design(), 0, seed: 1).isEmpty)
    }
}
