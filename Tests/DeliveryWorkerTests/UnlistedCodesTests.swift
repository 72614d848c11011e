import InMemoryLogging
import Logging
import SMSProviders
import Testing

@testable import DeliveryWorker

@Suite struct UnlistedCodesTests {
    private let log = InMemoryLogHandler()

    @Test func eachCodeThatNoTableKnowsIsToldOnce() {
        let codes = UnlistedCodes(logger: Logger(label: "test", factory: { _ in log }))
        codes.note(SendResult(.unknown(.ambiguous), vendorCode: "111000", detail: ""), of: "yuntongxun")
        codes.note(SendResult(.unknown(.unlisted), detail: ""), of: "yuntongxun")
        #expect(log.entries.isEmpty)
        for code in ["160999", "160999", "160998"] {
            codes.note(SendResult(.unknown(.unlisted), vendorCode: code, detail: ""), of: "yuntongxun")
        }
        #expect(
            log.entries.map { "\($0.level): \($0.message)".prefix(42) } == [
                "warning: yuntongxun answers with 160999, w", "warning: yuntongxun answers with 160998, w",
            ])
    }
}
