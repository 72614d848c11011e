import ServiceContextModule
import Testing

@testable import TraceExport

struct TraceContextTests {
    @Test func aHeaderIsReadAndWritten() throws {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let trace = try #require(TraceContext(traceparent: text, tracestate: "vendor=1"))
        #expect(trace.traceparent == text)
        #expect(trace.isSampled)
        #expect(trace.state == "vendor=1")
        #expect(TraceContext(traceparent: String(text.dropLast(2)) + "02")?.isSampled == false, "other flags")
    }

    /// A later version may have more fields behind those that are known.
    @Test func aLaterVersionsHeaderIsReadAsFarAsItIsKnown() {
        let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes"
        #expect(TraceContext(traceparent: later) != nil)
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "0af7651916cd43dd8448eb211c80319c",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c8031zz-b7ad6b7169203331-01",
    ])
    func aDamagedHeaderIsNone(_ text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test func newIDsDiffer() {
        let traces = Set((0..<1000).map { _ in TraceID.random() })
        #expect(traces.count == 1000)
        #expect(traces.allSatisfy { $0.description.count == 32 && TraceID($0.description) == $0 })
    }
}
