import Testing

@testable import DeliveryWorker

@Suite struct TextLengthTests {
    @Test(arguments: [
        ("a", 160, 160, 1), ("a", 161, 161, 2), ("a", 306, 306, 2), ("a", 307, 307, 3), ("€", 80, 160, 1),
        ("€", 81, 162, 2), ("{", 76, 152, 1), ("é", 160, 160, 1),
    ])
    func theAlphabetOfSevenBits(character: String, count: Int, units: Int, parts: Int) {
        let length = TextLength(String(repeating: character, count: count))
        #expect(length.isGSM7 && length.units == units && length.parts == parts)
    }

    @Test(arguments: [
        ("码", 70, 70, 1), ("码", 71, 71, 2), ("码", 134, 134, 2), ("码", 135, 135, 3), ("😀", 35, 70, 1),
        ("😀", 36, 72, 2), ("ç", 70, 70, 1), ("’", 71, 71, 2),
    ])
    func whatNeedsSixteen(character: String, count: Int, units: Int, parts: Int) {
        let length = TextLength(String(repeating: character, count: count))
        #expect(!length.isGSM7 && length.units == units && length.parts == parts)
    }

    @Test func noCharacterIsCutInTwo() {
        // 153 = 76 pairs and one left over: the escape and its character go into the next part together.
        #expect(TextLength(String(repeating: "€", count: 152)).parts == 2)
        #expect(TextLength(String(repeating: "€", count: 153)).parts == 3)
        #expect(TextLength(String(repeating: "😀", count: 66)).parts == 2)
        #expect(TextLength(String(repeating: "😀", count: 67)).parts == 3)
    }

    @Test func onTheMainlandEveryCharacterCountsAlike() {
        let length = TextLength(String(repeating: "a", count: 71), alwaysUCS2: true)
        #expect(length.parts == 2 && length.room == 70)
    }
}
