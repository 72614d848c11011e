import Testing

@testable import QueueTool

@Suite struct DurationWordsTests {
    @Test(arguments: [
        (0, "0.0 s"), (0.44, "0.4 s"), (9.96, "10 s"), (-3, "-3.0 s"), (59.4, "59 s"), (60, "1 min"),
        (185, "3 min 5 s"), (7800, "2 h 10 min"), (86_400, "1 d"), (360_000, "4 d 4 h"), (1e300, "very long"),
    ])
    func timesAreSaidInWords(_ seconds: Double, _ text: String) {
        #expect(words(seconds: seconds) == text)
    }

    @Test func sparklinesGoFromNothingToTheMost() {
        #expect(Sparkline.text([0, 1, 4, 8]) == "▁▂▅█")
        #expect(Sparkline.text([0, 0]) == "▁▁")
        #expect(Sparkline.text([]) == "")
        #expect(Sparkline.text([1, .infinity]).count == 2)
    }

    @Test func aNumberIsLookedForAsItMayBeWritten() {
        #expect(spellings(ofMobile: "13800138000") == ["13800138000", "+8613800138000"])
        #expect(spellings(ofMobile: "+86 138 0013 8000") == ["+8613800138000", "13800138000"])
        #expect(spellings(ofMobile: "+4512345678") == ["+4512345678"])
        for wrong in ["", "unknown", "+86", "+", "1380013800x", "１３８００１３８０００", "138+00138000", "1234567890123456"] {
            #expect(spellings(ofMobile: wrong) == [], "\(wrong)")
        }
    }
}
