import Testing

@testable import TraceExport

struct SamplerTests {
    private func parent(sampled: Bool) -> TraceContext {
        TraceContext(traceID: .random(), spanID: .random(), isSampled: sampled)
    }

    @Test func whereATraceComesFromElsewhereItsBeginnerDecides() {
        let sampler = Sampler(ratio: 0, followsParent: true)
        #expect(sampler.isSampled(.random(), parent: parent(sampled: true)))
        #expect(!Sampler().isSampled(.random(), parent: parent(sampled: false)))
        #expect(!Sampler(ratio: 0, followsParent: false).isSampled(.random(), parent: parent(sampled: true)))
    }

    @Test(arguments: [0, 0.1, 0.5, 1.0]) func aRatioIsKept(_ ratio: Double) {
        let sampler = Sampler(ratio: ratio)
        let count = (0..<20_000).count { _ in sampler.isSampled(.random(), parent: nil) }
        // Five standard deviations.
        let deviation = 5 * (20_000 * ratio * (1 - ratio)).squareRoot()
        #expect(abs(Double(count) - 20_000 * ratio) <= deviation)
    }

    @Test func theSameTraceIsChosenByAll() {
        for _ in 0..<100 {
            let id = TraceID.random()
            if Sampler(ratio: 0.3).isSampled(id, parent: nil) {
                #expect(Sampler(ratio: 0.4).isSampled(id, parent: nil))
            }
        }
    }
}
