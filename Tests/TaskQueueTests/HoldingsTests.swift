import Testing

@testable import TaskQueue

@Suite struct HoldingsTests {
    private func claim(_ number: Int) -> Claim { Claim(number: number, message: []) }

    @Test func findsWhatRedisHoldsAndNobodyWorksOn() {
        let holdings = Holdings()
        holdings.take(claim(1))
        holdings.take(claim(2))
        holdings.leave(claim(2))
        #expect(holdings.isInDoubt)
        holdings.beginLook()
        #expect(!holdings.isInDoubt)
        #expect(holdings.endLook([claim(1), claim(2), claim(3)]).map(\.number) == [2, 3])
    }

    @Test func whatEndsDuringTheLookIsNotTakenUpAgain() {
        let holdings = Holdings()
        holdings.take(claim(1))
        holdings.beginLook()
        holdings.release([1])
        #expect(holdings.endLook([claim(1)]).isEmpty)
    }
}
