import Foundation
import TestSupport
import Testing

/// The service answers as `/openapi.json` says, whatever it is sent.
@Suite(.timeLimit(.minutes(5))) struct InterfaceDescriptionTests {
    private struct Report: Decodable {
        struct TestCases: Decodable {
            var generated: Int
            var withFailures: Int
            var errored: Int
        }
        var complete: Bool
        var testCases: TestCases
    }

    /// `SMS_SEED=<number>` makes other requests; a failure names the seed and shows a curl line for each request.
    @Test func nothingThatSchemathesisSendsIsAnsweredInAnUndeclaredWay() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI(environment: ["SMS_PICTURES_PER_MINUTE": "1000"])
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sms-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let seed = ProcessInfo.processInfo.environment["SMS_SEED"] ?? "1"
        let finished = try await Program.run(
            TestPython.interpreter(),
            [
                "-m", "schemathesis.cli", "run", "\(system.api)/openapi.json", "--checks", "all",
                // Hardly any generated request carries a good proof, so hardly any is accepted.
                "--exclude-checks", "positive_data_acceptance", "--warnings", "off",
                "--max-examples", "300", "--seed", seed, "--continue-on-failure", "--no-color",
                "--suppress-health-check", "all", "--report", "json", "--report-json-path", "\(folder)/report.json",
            ],
            environment: [
                "PYTHONPATH": "\(TestPython.packageFolder)/Tests/EndToEndTests/Interface",
                "PYTHONDONTWRITEBYTECODE": "1",
                "SCHEMATHESIS_HOOKS": "real_flows", "API_URL": system.api,
                "STORE_URL": system.redis.url(database: 2), "BROKER_URL": system.redis.url(database: 3),
            ],
            folder: folder, timeout: .seconds(240))
        #expect(finished.status == .code(0), "seed \(seed)\n\(finished.output)\(finished.errorOutput)")

        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(
            Report.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/report.json")))
        #expect(report.complete && report.testCases.errored == 0 && report.testCases.withFailures == 0)
        #expect(report.testCases.generated >= 2000)
        for line in api.errorLines { #expect(!line.contains("A route failed"), "\(line)") }
    }
}
