import Foundation
import TestSupport
import Testing

/// Random requests and reports, held against the vendors' own libraries.
///
/// A failure names its seed: `SMS_TEST_SEED=<seed> swift test --filter VendorSignatureTests` does the same again.
@Suite("By the vendor's own library")
struct VendorSignatureTests {
    private static let seed: UInt64 = {
        guard let text = ProcessInfo.processInfo.environment["SMS_TEST_SEED"] else { return .random(in: 0 ... .max) }
        guard let seed = UInt64(text) else { preconditionFailure("SMS_TEST_SEED is not a number: \(text)") }
        return seed
    }()
    private static let caseCount = 300

    private var input = RandomInput(seed: Self.seed)

    @Test("a request to Aliyun is signed in the same way")
    mutating func aliyun() async throws {
        try await checkRequests("aliyun") { try $0.aliyun() }
    }

    @Test("a request to Tencent is signed in the same way")
    mutating func tencent() async throws {
        try await checkRequests("tencent") { try $0.tencent() }
    }

    @Test("a request to Amazon SNS is signed in the same way")
    mutating func amazonSNS() async throws {
        try await checkRequests("amazon_sns") { try $0.amazonSNS() }
    }

    @Test("a request to a webhook is signed in the same way, and accepted")
    mutating func webhook() async throws {
        try await checkRequests("webhook") { try $0.webhook() }
    }

    @Test("a signed report to a webhook is accepted and refused in the same way")
    mutating func webhookReport() async throws {
        try await checkReports(
            "webhook_report", { $0.webhookReport() },
            isAccepted: { report, signature, _ in report.isAccepted(with: signature) })
    }

    @Test("a signed report from Twilio is accepted and refused in the same way")
    mutating func twilioReport() async throws {
        try await checkReports(
            "twilio_report", { $0.twilioReport() }, isAccepted: { $0.isAccepted(with: $1, algorithm: $2) })
    }

    private mutating func checkRequests(
        _ check: String, _ make: (inout RandomInput) throws -> SignedCase
    ) async throws {
        let cases = try (1...Self.caseCount).map { _ in try make(&input) }
        _ = try await answers(check, cases)
    }

    private mutating func checkReports<Report>(
        _ check: String, _ make: (inout RandomInput) -> ReportCase<Report>,
        isAccepted: (Report, String, String?) -> Bool
    ) async throws {
        let cases = (1...Self.caseCount).map { _ in make(&input) }
        var accepted = 0
        for (number, (report, answer)) in zip(cases, try await answers(check, cases)).enumerated() {
            let signature = try #require(answer.signature)
            let here = [report.sent, report.read].map { isAccepted($0, signature, report.algorithm) }
            #expect(here == answer.accepts, "\(check), case \(number), SMS_TEST_SEED=\(Self.seed): \(report)")
            accepted += here.count { $0 }
        }
        #expect((Self.caseCount / 2..<Self.caseCount * 2).contains(accepted))
    }

    /// What the library says of each case, none of which may be in dispute.
    private func answers(_ check: String, _ cases: [some Encodable]) async throws -> [LibraryAnswer] {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(check)-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = try cases.map { try JSONEncoder().encode($0) + Data("\n".utf8) }
        try Data(lines.joined()).write(to: file)
        let program = "\(TestPython.packageFolder)/Tests/SMSProvidersTests/VendorSignatures/check.py"
        let finished = try await Program.run(TestPython.interpreter(), [program, check, file.path])
        try #require(finished.status == .code(0), "\(finished.errorOutput)")
        let answers = try finished.output.split(separator: "\n").map {
            try JSONDecoder().decode(LibraryAnswer.self, from: Data($0.utf8))
        }
        try #require(answers.count == cases.count, "\(finished.errorOutput)")
        for (number, answer) in answers.enumerated() {
            #expect(answer.disagreement == nil, "\(check), case \(number), SMS_TEST_SEED=\(Self.seed)")
        }
        return answers
    }
}

private struct LibraryAnswer: Decodable {
    var disagreement: String?
    /// What the library signs a report with.
    var signature: String?
    /// Whether the library accepts it for the report as it was sent, and as it is read.
    var accepts: [Bool]?
}
