import TestSupport
import Testing

@testable import SMSProviders

@Suite("The order of providers") struct ProviderOrderTests {
    private func draws(_ weights: [Int?], _ count: Int = 4000) -> [[Int]] {
        var generator = SeededGenerator(seed: 1)
        let order = ProviderOrder(weights: weights)
        return (0..<count).map { _ in order.drawn(using: &generator) }
    }

    @Test func isTheirOwnWithoutWeights() {
        #expect(Set(draws([nil, nil, nil])) == [[0, 1, 2]])
        #expect(Set(draws([])) == [[]])
    }

    @Test func asksEachOnceAndTheHeavierOnesFirstMoreOften() {
        let drawn = draws([3, 1])
        #expect(Set(drawn) == [[0, 1], [1, 0]])
        let share = Double(drawn.count { $0 == [0, 1] }) / Double(drawn.count)
        #expect((0.72...0.78).contains(share), "three of four")
    }

    @Test func goesOnByWeightAmongTheRest() {
        let drawn = draws([2, 1, 1])
        #expect(Set(drawn).count == 6)
        let first = drawn.filter { $0[0] == 1 }
        let share = Double(first.count { $0[1] == 0 }) / Double(first.count)
        #expect((0.62...0.72).contains(share), "two of three when the second one is gone")
    }

    @Test func keepsThePlacesOfThoseWithoutWeight() {
        #expect(Set(draws([nil, 1, 1, nil])) == [[0, 1, 2, 3], [0, 2, 1, 3]])
        #expect(Set(draws([1, nil, 1])) == [[0, 1, 2]], "those with weights are not neighbours")
    }

    @Test func isTheSameAtEveryAttemptOfOneTask() {
        let order = ProviderOrder(weights: [1, 1])
        let tasks = (0..<200).map { "7b5275dd-0000-0000-0000-000000000\($0)" }
        let drawn = tasks.map { order.drawn(for: $0) }
        #expect(drawn == tasks.map { order.drawn(for: $0) })
        let share = Double(drawn.count { $0 == [0, 1] }) / Double(drawn.count)
        #expect((0.4...0.6).contains(share))
    }
}
