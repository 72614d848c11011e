import Testing

@testable import SMSProviders

@Suite("The vendors' code lists")
struct VendorCodeListTests {
    @Test("have 327 rows, each of which the suites of the vendors' answers look at")
    func size() {
        let sizes = [
            YuntongxunCodeRow.all.count, VendorCodeRow.aliyun.count, VendorCodeRow.aliyunReports.count,
            VendorCodeRow.tencent.count, TwilioCodeRow.all.count, AmazonSNSCodeRow.all.count,
        ]
        #expect(sizes == [121, 50, 7, 83, 48, 18])
        #expect(sizes.reduce(0, +) == 327)
    }

    @Test("hold what Aliyun's delivery reports say", arguments: VendorCodeRow.aliyunReports)
    func report(_ row: VendorCodeRow) {
        let outcome = AliyunReportCodes.table.meaning(of: row.code).outcome
        #expect(outcome.label == row.class)
        #expect(outcome.reason?.rawValue ?? "-" == row.reason)
    }

    @Test("have words for every outcome that read back as the same")
    func words() {
        let outcomes: [SendOutcome] = [
            .accepted, .retry(.channel), .throttled(.number, retryAfter: nil), .badNumber(.blocked),
            .badConfiguration(.template), .unknown(.ambiguous),
        ]
        for outcome in outcomes { #expect(SendOutcome(label: outcome.label, reason: outcome.reason) == outcome) }
        #expect(SendOutcome(label: "ok", reason: .number) == nil)
        #expect(SendOutcome(label: "retry", reason: nil) == nil)
        #expect(SendOutcome(label: "lost", reason: .number) == nil)
    }
}
