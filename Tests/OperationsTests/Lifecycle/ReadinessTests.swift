import Testing

@testable import Operations

@Suite(.timeLimit(.minutes(5))) struct ReadinessTests {
    private struct Refused: Error, CustomStringConvertible {
        let description = "connection \"refused\""
    }

    @Test func withoutChecksItIsReady() async {
        let report = await Readiness().report()
        #expect(report.isReady)
        #expect(String(decoding: report.json, as: UTF8.self) == #"{"status":"ready","parts":{}}"# + "\n")
    }

    @Test func oneIllPartIsNamed() async {
        let readiness = Readiness()
        readiness.addCheck("store") {}
        readiness.addCheck("broker") { throw Refused() }
        let report = await readiness.report()
        #expect(!report.isReady)
        #expect(
            String(decoding: report.json, as: UTF8.self)
                == #"{"status":"not ready","parts":{"broker":"connection \"refused\"","store":"ok"}}"# + "\n")
    }

    @Test func aCheckThatIsReplacedCountsNoMore() async {
        let readiness = Readiness()
        readiness.addCheck("store") { throw Refused() }
        readiness.addCheck("store") {}
        #expect(await readiness.report().isReady)
    }

    @Test func aCheckThatNeverAnswersIsIll() async {
        let readiness = Readiness(limit: .milliseconds(20))
        readiness.addCheck("hanging") {
            // Deaf to cancellation.
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                Task {
                    try? await Task.sleep(for: .seconds(300))
                    continuation.resume()
                }
            }
        }
        readiness.addCheck("store") {}
        let report = await readiness.report()
        #expect(report.parts == ["hanging": "no answer within 0.02 seconds", "store": nil])
    }

    @Test func whileShuttingDownItIsNotReady() async {
        let readiness = Readiness()
        readiness.addCheck("store") {}
        readiness.beginShutdown()
        let report = await readiness.report()
        #expect(!report.isReady)
        #expect(
            String(decoding: report.json, as: UTF8.self)
                == #"{"status":"shutting down","parts":{"store":"ok"}}"# + "\n")
    }
}
