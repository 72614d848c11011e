import Foundation
import TestSupport
import Testing

/// The Compose file and the systemd units, as far as they can be judged without running them.
@Suite(.timeLimit(.minutes(5))) struct DeploymentFileTests {
    private static let root = TestPython.packageFolder
    private static let units = ["sms-api.service", "sms-worker.service", "sms-worker@.service"]

    @Test func theComposeFileKeepsToTheSchema() async throws {
        let checked = try await python(
            "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
        #expect(checked.status == .code(0), "\(checked.output)\(checked.errorOutput)")
    }

    @Test func theComposeFileHoldsTogether() async throws {
        let read = try await python(
            "-c", "import json, yaml; print(json.dumps(yaml.safe_load(open('docker-compose.yml'))))")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let compose = try decoder.decode(Compose.self, from: Data(read.output.utf8))
        #expect(compose.services.keys.sorted() == ["api", "redis", "sandbox", "worker"])
        for (name, service) in compose.services {
            #expect(service.healthcheck != nil, "\(name) has no health check")
            for other in (service.dependsOn ?? [:]).keys { #expect(compose.services[other] != nil) }
            let dockerfile = service.build?.dockerfile ?? "docker-compose.yml"
            #expect(FileManager.default.fileExists(atPath: "\(Self.root)/\(dockerfile)"))
        }
        let redis = try #require(compose.services["redis"]?.command)
        #expect(redis.joined(separator: " ").contains("--appendonly yes"))
        // Only so can there be several workers.
        let worker = try #require(compose.services["worker"])
        #expect(worker.ports == nil)
        #expect(worker.containerName == nil)
        #expect(worker.dependsOn?["redis"]?.condition == "service_healthy")
    }

    /// Also what only Docker itself can judge, where it is installed.
    @Test(.enabled(if: hasCompose, "needs docker compose"))
    func dockerComposeReadsTheFile() async throws {
        let checked = try await Program.run("docker", ["compose", "config", "--quiet"], folder: Self.root)
        #expect(checked.status == .code(0), "\(checked.errorOutput)")
    }

    @Test(arguments: units) func aUnitIsValidAndItsServiceConfined(_ name: String) async throws {
        let analyze = try tool("systemd-analyze", package: "systemd")
        let unit = "\(Self.root)/Scripts/systemd/\(name)"
        let exposure = try await Program.run(analyze, ["security", "--offline=true", "--threshold=15", unit])
        #expect(exposure.status == .code(0), "\(exposure.output)\(exposure.errorOutput)")

        // The programs are not installed here; another one in their place makes the unit complete.
        let folder = "/tmp/sms-unit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = try String(contentsOfFile: unit, encoding: .utf8)
        #expect(text.contains("ExecStart=/usr/local/bin/sms-"))
        let complete = text.replacing(/\/usr\/local\/bin\/sms-(api|worker)/, with: "/bin/true")
        try complete.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        let verified = try await Program.run(analyze, ["verify", "--man=no", "\(folder)/\(name)"])
        #expect(verified.status == .code(0))
        #expect(verified.output + verified.errorOutput == "")
    }

    /// What a unit says itself comes before the credentials, and would be in their way.
    @Test(arguments: units) func aUnitSetsNoSecretAndNoFile(_ name: String) throws {
        let text = try String(contentsOfFile: "\(Self.root)/Scripts/systemd/\(name)", encoding: .utf8)
        let names = text.matches(of: /(?m)^Environment=(\w+)=/).map { String($0.output.1) }
        #expect(names.contains("SMS_LOG_FORMAT"))
        #expect(Set(names).isSubset(of: ["SMS_LOG_FORMAT", "SMS_OPERATIONS_PORT"]))
    }

    private static let hasCompose: Bool = ["/usr/libexec", "/usr/lib", "/usr/local/lib", "/usr/local/libexec"]
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/docker/cli-plugins/docker-compose") }

    private func python(_ arguments: String...) async throws -> Program.Finished {
        try await Program.run(TestPython.interpreter(), arguments, folder: Self.root)
    }

    private struct Compose: Decodable {
        var services: [String: Service]

        struct Service: Decodable {
            var build: Build?
            var command: [String]?
            var containerName: String?
            var dependsOn: [String: Dependency]?
            var healthcheck: HealthCheck?
            var ports: [String]?
        }
        struct Build: Decodable { var dockerfile: String }
        struct Dependency: Decodable { var condition: String }
        struct HealthCheck: Decodable { var test: [String] }
    }
}
