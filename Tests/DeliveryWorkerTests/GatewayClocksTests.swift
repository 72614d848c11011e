import InMemoryLogging
import Logging
import Testing

@testable import DeliveryWorker

@Suite struct GatewayClocksTests {
    private let log = InMemoryLogHandler()

    @Test func aDifferenceIsToldOnceWhenItBeginsAndOnceWhenItEnds() {
        let clocks = GatewayClocks(logger: Logger(label: "test", factory: { _ in log }))
        clocks.note(.seconds(59), of: "aliyun")
        clocks.note(nil, of: "aliyun")
        #expect(log.entries.isEmpty)
        clocks.note(.seconds(75), of: "aliyun")
        clocks.note(.seconds(80), of: "aliyun")
        clocks.note(.seconds(-301), of: "tencent")
        #expect(
            log.entries.map { "\($0.level): \($0.message)".prefix(57) } == [
                "warning: this machine's clock is 75 s ahead of that of al",
                "warning: this machine's clock is 301 s behind that of ten",
            ])
        #expect(clocks.offsets == ["aliyun": .seconds(80), "tencent": .seconds(-301)])
        clocks.note(.seconds(-2), of: "aliyun")
        #expect(
            log.entries.last.map { "\($0.level): \($0.message)" }
                == "notice: this machine's clock and that of aliyun agree again")
        #expect(log.entries.count == 3)
    }
}
