import Foundation
import TestSupport
import Testing

/// Secrets that come from files, as systemd's credentials do, stand neither in a program's environment nor among its
/// arguments, which other processes of its user read.
@Suite(.timeLimit(.minutes(5))) struct CredentialTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "credentials-\(UUID().uuidString)")
    private let secret = "planted-\(UUID().uuidString.lowercased())"

    /// Writes a credential; gives its path.
    private func file(_ name: String, _ contents: String) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: name)
        try Data(contents.utf8).write(to: file)
        return file.path()
    }

    /// What the kernel shows of the program.
    private func shown(_ program: Program) throws -> String {
        try ["environ", "cmdline"].map { name in
            String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(program.pid)/\(name)")), as: UTF8.self)
        }.joined(separator: "\n")
    }

    @Test func aWorkersAndAnAPIsSecretsAreInNoPlaceThatOthersRead() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let system = try await RunningSystem()
        // The address of a Redis holds its password.
        func address(_ database: Int) -> String {
            system.redis.url(database: database).replacing("redis://", with: "redis://default:\(secret)@")
        }
        try await system.redis.cli("CONFIG", "SET", "requirepass", secret)
        let settings = try file(
            "settings.json",
            #"{"sms": {"broker": {"url": "\#(address(3))"}, "store": {"url": "\#(address(2))"}}}"#)
        let key = try file("key", secret)
        let fromFiles = [
            "SMS_BROKER_URL": "", "SMS_STORE_URL": "", "SMS_CONFIG": settings, "SMS_SEAL_KEY_FILE": key,
        ]
        let worker = try await system.startWorker(
            environment: fromFiles.merging([
                "SMS_YUNTONGXUN_AUTH_TOKEN": "", "SMS_YUNTONGXUN_AUTH_TOKEN_FILE": try file("token", secret),
            ]) { $1 })
        let api = try await system.startAPI(
            environment: fromFiles.merging([
                "SMS_WORK_KEY_FILE": key, "SMS_RECEIPT_PSEUDONYM_KEY_FILE": key,
            ]) { $1 })
        for program in [worker, api] {
            let text = try shown(program)
            #expect(text.contains("SMS_CONFIG=\(settings)"), "it is the program's own environment")
            #expect(!text.contains(secret))
        }
        let told = try await system.startWorker(
            ["-n", "told"],
            environment: fromFiles.merging(["SMS_YUNTONGXUN_AUTH_TOKEN": secret]) { $1 },
            operationsPort: try freePort())
        #expect(try shown(told).contains(secret), "what is told through the environment would have been found")
    }
}
