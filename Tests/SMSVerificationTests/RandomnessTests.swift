import TaskQueue
import Testing

@testable import SMSVerification

/// What nobody may guess.
@Suite(.timeLimit(.minutes(5))) struct RandomnessTests {
    /// Pearson's statistic of so many counts that should all be equal. Its mean is one less than there are counts, its
    /// variance twice that.
    private func chiSquare(_ counts: [Int]) -> Double {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }

    private func expectEven(_ counts: [Int], sourceLocation: SourceLocation = #_sourceLocation) {
        let mean = Double(counts.count - 1)
        let deviation = (2 * mean).squareRoot()
        let statistic = chiSquare(counts)
        // An even source leaves this range once in thousands of millions of runs; one that is too even does so too.
        let range = max(0, mean - 6 * deviation)...(mean + 8 * deviation)
        #expect(range.contains(statistic), "\(statistic)", sourceLocation: sourceLocation)
    }

    @Test func aMillionCodesAreSpreadEvenlyInAllDigitsAndKeepTheirLeadingZeros() {
        var (front, back) = (Array(repeating: 0, count: 1000), Array(repeating: 0, count: 1000))
        var withLeadingZero = 0
        for _ in 0..<1_000_000 {
            let digits = OneTimeCode.random().digits.utf8
            guard digits.count == 6 else { return #expect(Bool(false), "a code of \(digits.count) digits") }
            let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            front[number / 1000] += 1
            back[number % 1000] += 1
            if digits.first == UInt8(ascii: "0") { withLeadingZero += 1 }
        }
        expectEven(front)
        expectEven(back)
        #expect((98_000...102_000).contains(withLeadingZero))
    }

    @Test func picturesTextsAreSpreadEvenly() {
        let places = Dictionary(uniqueKeysWithValues: CaptchaAlphabet.standard.characters.enumerated().map { ($1, $0) })
        var counts = Array(repeating: 0, count: CaptchaAlphabet.standard.characters.count)
        for _ in 0..<20_000 {
            for character in CaptchaAlphabet.standard.text(length: 6) { counts[places[character] ?? 0] += 1 }
        }
        expectEven(counts)
    }

    @Test func noNumberOfTheCommonPoolIsHandedOutTwice() async {
        let numbers = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<100 {
                group.addTask { (0..<1000).map { _ in PooledRandomNumbers().next() } }
            }
            return await group.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
        }
        // Of 10⁵ numbers of 64 bits two are alike by chance once in thousands of millions of runs.
        #expect(numbers.count == 100_000)
    }

    @Test func noTwoIDsAreAlike() {
        #expect(Set((0..<100_000).map { _ in VerificationID.random() }).count == 100_000)
        #expect(VerificationID.random().text.utf8.count == 32)
    }
}
