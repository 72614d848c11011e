import Foundation
import TestSupport
import Testing

/// A real Prometheus on a free port, with the configuration, rules and all, of `Scripts/observability`: only ports and
/// intervals are the test's.
final class PrometheusServer: Sendable {
    static let configurationFolder = "\(TestPython.packageFolder)/Scripts/observability"

    private let folder: String
    private let port: Int
    private let program: Program

    init(apiPort: Int, workerPort: Int) async throws {
        folder = "/tmp/sms-prometheus-\(UUID().uuidString.prefix(8))"
        port = try freePort()
        try FileManager.default.copyItem(atPath: Self.configurationFolder, toPath: folder)
        let file = "\(folder)/prometheus.yml"
        try String(contentsOfFile: file, encoding: .utf8)
            .replacing("127.0.0.1:9180", with: "127.0.0.1:\(apiPort)")
            .replacing("127.0.0.1:9181", with: "127.0.0.1:\(workerPort)")
            // Longer than a program takes to say that Redis does not answer: a scrape may last as long as its interval.
            .replacing("15s", with: "2s")
            .write(toFile: file, atomically: true, encoding: .utf8)
        program = try Program.start(
            tool("prometheus", package: "prometheus"),
            [
                "--config.file=\(file)", "--storage.tsdb.path=\(folder)/data",
                "--web.listen-address=127.0.0.1:\(port)",
            ])
        try await program.waitForLine(containing: "Server is ready to receive web requests")
    }

    deinit {
        program.signal(SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private struct Answer<Contents: Decodable>: Decodable {
        var status: String
        var error: String?
        var data: Contents?
    }

    private func ask<Contents: Decodable>(_ path: String, _ items: [URLQueryItem] = []) async throws -> Contents {
        var address = URLComponents()
        (address.scheme, address.host, address.port, address.path) = ("http", "127.0.0.1", port, "/api/v1/\(path)")
        // Prometheus reads "+" as a blank, which URLComponents leaves as it is.
        address.queryItems = items
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        let url = try #require(address.string)
        let finished = try await Program.run("curl", ["-sS", "--noproxy", "*", url])
        let answer = try JSONDecoder().decode(Answer<Contents>.self, from: Data(finished.output.utf8))
        guard let contents = answer.data, answer.status == "success" else {
            throw TestError("Prometheus: \(answer.error ?? finished.output)")
        }
        return contents
    }

    /// One series with its present value.
    struct Sample {
        var labels: [String: String]
        var value: Double
    }

    /// Evaluates an expression that gives series.
    func query(_ expression: String) async throws -> [Sample] {
        struct Result: Decodable {
            var result: [Series]
        }
        struct Series: Decodable {
            var metric: [String: String]
            var value: Value
        }
        struct Value: Decodable {
            var number: Double

            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                _ = try pair.decode(Double.self)
                number = Double(try pair.decode(String.self)) ?? .nan
            }
        }
        let found: Result = try await ask("query", [URLQueryItem(name: "query", value: expression)])
        return found.result.map { Sample(labels: $0.metric, value: $0.value.number) }
    }

    /// An alert's rule, as Prometheus has read it.
    struct Rule: Decodable {
        var name: String
        var query: String
        var health: String
        var annotations: [String: String]
    }

    func rules() async throws -> [Rule] {
        struct Groups: Decodable {
            var groups: [Group]
        }
        struct Group: Decodable {
            var rules: [Rule]
        }
        let groups: Groups = try await ask("rules")
        return groups.groups.flatMap(\.rules)
    }
}
