import Foundation
import TestSupport
import Testing

@testable import SMSVerification

/// Keys in files, made by this service or by openssl.
@Suite(.timeLimit(.minutes(5))) struct KeyFileTests {
    @Test func aMissingReceiptKeyIsMadeForItsOwnerAlone() async throws {
        try await withFolder { folder in
            let path = "\(folder)/receipt-key.pem"
            let ids = try await withThrowingTaskGroup(of: String.self, returning: Set<String>.self) { group in
                for _ in 1...16 {
                    group.addTask { try ReceiptSigningKey(file: path, makingIfMissing: true).verificationKey.id }
                }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
            #expect(ids.count == 1, "all that start at once use one key")
            #expect(try ReceiptSigningKey(file: path).verificationKey.id == ids.first)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["receipt-key.pem"])
        }
    }

    @Test func readsKeysThatOpensslMakes() async throws {
        try await withFolder { folder in
            let file = "\(folder)/key.pem"
            let older = "\(folder)/older.pem"
            let published = "\(folder)/public.pem"
            try await openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file)
            try await openssl("ec", "-in", file, "-out", older)
            try await openssl("pkey", "-in", file, "-pubout", "-out", published)
            let key = try ReceiptSigningKey(file: file)
            #expect(try ReceiptSigningKey(file: older).verificationKey == key.verificationKey)
            #expect(try ReceiptVerificationKey(file: published) == key.verificationKey)
            #expect(try ReceiptVerificationKey(file: file) == key.verificationKey)

            let secret = "\(folder)/secret"
            try await openssl("rand", "-out", secret, "32")
            _ = try SecretKey(file: secret)
        }
    }

    @Test func whatIsNoKeyIsRefusedWithFileAndRemedy() async throws {
        try await withFolder { folder in
            let file = "\(folder)/key"
            func expectRefused(_ reason: String, _ read: () throws -> Any) {
                let text = #expect(throws: KeyFileError.self) { _ = try read() }?.description ?? ""
                #expect(text.hasPrefix("\(file): \(reason)") && text.contains("; ") && text.contains("openssl"))
            }
            func expectAllRefused(_ reason: String) {
                expectRefused(reason) { try ReceiptSigningKey(file: file) }
                expectRefused(reason) { try ReceiptVerificationKey(file: file) }
                expectRefused(reason) { try SecretKey(file: file) }
            }
            expectAllRefused("cannot be read: No such file or directory;")
            try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
            expectAllRefused("cannot be read: Is a directory;")
            try FileManager.default.removeItem(atPath: file)
            try String(repeating: "a", count: 70_000).write(toFile: file, atomically: false, encoding: .utf8)
            expectAllRefused("is larger than a key;")
            try String(repeating: "a", count: 31).write(toFile: file, atomically: false, encoding: .utf8)
            expectRefused("holds 31 bytes, and a key has 32 or more;") { try SecretKey(file: file) }
            expectRefused("holds no P-256 private key") { try ReceiptSigningKey(file: file) }
            try await openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", file)
            expectRefused("holds no P-256 private key") { try ReceiptSigningKey(file: file) }
            expectRefused("holds no P-256 key") { try ReceiptVerificationKey(file: file) }
        }
    }

    @Test func aReceiptKeyThatCannotBeMadeSaysWhere() async throws {
        let error = #expect(throws: KeyFileError.self) {
            try ReceiptSigningKey(file: "/nonexistent/key.pem", makingIfMissing: true)
        }
        let start = "/nonexistent/key.pem: cannot be made: No such file or directory; "
        #expect(error?.description.hasPrefix(start) == true)
    }

    private func openssl(_ arguments: String...) async throws {
        let finished = try await Program.run(tool("openssl", package: "openssl"), arguments)
        try #require(finished.status == .code(0), "\(finished.errorOutput)")
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}
