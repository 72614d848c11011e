import CaptchaImage
import Synchronization
import TestSupport
import Testing

struct PictureStockTests {
    /// Draws nothing, and counts: the texts are 1, 2, 3…
    private final class Studio: Sendable {
        struct Closed: Error {}

        private let count = Mutex(0)
        private let isClosed = Mutex(false)

        var drawn: Int { count.withLock { $0 } }

        func open() { isClosed.withLock { $0 = false } }
        func close() { isClosed.withLock { $0 = true } }

        func stock(of capacity: Int) -> PictureStock {
            PictureStock(
                capacity: capacity, pause: .milliseconds(1),
                makeText: {
                    self.count.withLock { count in
                        count += 1
                        return String(count)
                    }
                },
                draw: { text in
                    guard !self.isClosed.withLock({ $0 }) else { throw Closed() }
                    return Array(text.utf8)
                })
        }
    }

    private let studio = Studio()

    /// Runs the body while the stock is kept full.
    private func keepingFull(_ stock: PictureStock, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await stock.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func aStockThatNobodyFillsDrawsAtOnce() throws {
        let stock = studio.stock(of: 3)
        #expect(try stock.next().text == "1")
        #expect(try stock.next().text == "2")
        #expect(stock.count == 0)
    }

    @Test func aPictureThatWasShownToNobodyIsGivenAgainWhereThereIsRoom() throws {
        let stock = studio.stock(of: 1)
        let pictures = [try stock.next(), try stock.next()]
        for picture in pictures { stock.takeBack(picture) }
        #expect(stock.count == 1)
        #expect(try stock.next().text == "1")
        #expect(try stock.next().text == "3")
    }

    @Test func theStockIsFilledAndNoMore() async throws {
        let stock = studio.stock(of: 5)
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 5 }
        }
        #expect(studio.drawn == 5)
    }

    @Test func aPictureStaysWithItsText() async throws {
        let stock = studio.stock(of: 5)
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 5 }
        }
        for _ in 0..<7 {
            let picture = try stock.next()
            #expect(picture.png == Array(picture.text.utf8))
        }
    }

    @Test func aBurstLargerThanTheStockGetsAsManyPicturesAllDifferent() async throws {
        let stock = studio.stock(of: 20)
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 20 }
            let texts = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<20 {
                    group.addTask { @concurrent in try (0..<25).map { _ in try stock.next().text } }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(texts.count == 500)
            #expect(Set(texts).count == 500)
            try await eventually("the stock is full again") { stock.count == 20 }
        }
    }

    @Test func whatIsTakenIsReplacedAgainAndAgain() async throws {
        let stock = studio.stock(of: 1)
        try await keepingFull(stock) {
            for _ in 0..<20 {
                try await eventually("a picture is ready") { stock.count == 1 }
                _ = try stock.next()
            }
        }
    }

    @Test func aCancelledStockKeepsItsPicturesAndCanBeFilledAgain() async throws {
        let stock = studio.stock(of: 3)
        for _ in 0..<2 {
            try await keepingFull(stock) {
                try await eventually("the stock is full") { stock.count == 3 }
            }
            #expect(stock.count == 3)
            _ = try stock.next()
        }
    }

    @Test func cancellingEndsTheFillingOfAStockThatIsNotFull() async throws {
        let stock = studio.stock(of: .max)
        try await keepingFull(stock) {
            try await eventually("some pictures are ready") { stock.count > 2 }
        }
    }

    @Test func whatCannotBeDrawnIsToldToWhoeverFindsNothingReady() async throws {
        let stock = studio.stock(of: 3)
        studio.close()
        try await keepingFull(stock) {
            try await eventually("drawing is tried again") { studio.drawn > 3 }
            #expect(stock.count == 0)
            #expect(throws: Studio.Closed.self) { try stock.next() }
            studio.open()
            try await eventually("the stock is full") { stock.count == 3 }
        }
    }

    @Test func printingAPictureDoesNotTellItsText() {
        let picture = CaptchaPicture(text: "KM36TW", png: [1, 2, 3])
        var dumped = ""
        dump(picture, to: &dumped)
        #expect("\(picture)" == "a captcha of 3 bytes")
        for text in ["\(picture)", String(reflecting: picture), "\([picture])", dumped] {
            #expect(!text.contains("KM36TW"))
        }
    }

    @Test func theRealRendererFillsAStock() async throws {
        let renderer = try CaptchaRenderer(design: CaptchaDesignName.rows.design())
        let stock = PictureStock(capacity: 3, makeText: { "KM36TW" }, draw: renderer.png(of:))
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 3 }
        }
        #expect(try DecodedPNG(stock.next().png).inkShare > 0.02)
    }
}
