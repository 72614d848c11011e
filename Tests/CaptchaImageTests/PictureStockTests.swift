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

    @Test func aStockThatNobodyFillsDrawsOnceItIsAsked() async throws {
        let stock = studio.stock(of: 3)
        studio.close()
        let picture = stock.next()
        #expect(picture.text == "1")
        #expect(stock.next().text == "2")
        #expect(stock.count == 0)
        await #expect(throws: Studio.Closed.self) { try await picture.png() }
        studio.open()
        #expect(try await picture.png() == Array("1".utf8))
    }

    @Test func aPictureThatWasShownToNobodyIsGivenAgainWhereThereIsRoom() async throws {
        let stock = studio.stock(of: 1)
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 1 }
        }
        let drawn = stock.next()
        stock.takeBack(stock.next())
        #expect(stock.count == 0, "that one was not drawn yet")
        for _ in 0..<2 { stock.takeBack(drawn) }
        #expect(stock.count == 1)
        #expect(stock.next().text == drawn.text)
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
            let picture = stock.next()
            #expect(try await picture.png() == Array(picture.text.utf8))
        }
    }

    @Test func aBurstLargerThanTheStockGetsAsManyPicturesAllDifferent() async throws {
        let stock = studio.stock(of: 20)
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 20 }
            let texts = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<20 {
                    group.addTask { @concurrent in (0..<25).map { _ in stock.next().text } }
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
                _ = stock.next()
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
            _ = stock.next()
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
            await #expect(throws: Studio.Closed.self) { try await stock.next().png() }
            studio.open()
            try await eventually("the stock is full") { stock.count == 3 }
        }
    }

    @Test func printingAPictureDoesNotTellItsText() async throws {
        let stock = PictureStock(capacity: 1, makeText: { "KM36TW" }, draw: { _ in [1, 2, 3] })
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 1 }
        }
        let pictures = [stock.next(), stock.next()]
        #expect(pictures.map { "\($0)" } == ["a captcha of 3 bytes", "a captcha that is not drawn yet"])
        for picture in pictures {
            var dumped = ""
            dump(picture, to: &dumped)
            for text in [String(reflecting: picture), "\([picture])", dumped] {
                #expect(!text.contains("KM36TW"))
            }
        }
    }

    @Test func theRealRendererFillsAStock() async throws {
        let renderer = try CaptchaRenderer(design: CaptchaDesignName.rows.design())
        let stock = PictureStock(capacity: 3, makeText: { "KM36TW" }, draw: renderer.png(of:))
        try await keepingFull(stock) {
            try await eventually("the stock is full") { stock.count == 3 }
        }
        #expect(try DecodedPNG(try await stock.next().png()).inkShare > 0.02)
    }
}
