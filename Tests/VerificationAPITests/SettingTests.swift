import Foundation
import Operations
import SMSVerification
import Testing
import VerificationAPI

@Suite struct SettingTests {
    /// One configuration file serves all programs: each must know the others' keys, but for the one that names the file.
    @Test func eachOneIsKnownToAllPrograms() {
        #expect(APIConfiguration.settings.map(\.key).filter { !SystemKeys.all.contains($0) } == ["config"])
    }

    @Test func eachOneHasACredentialOfItsOwn() {
        #expect(Set(APIConfiguration.settings.map(\.credential)).count == APIConfiguration.settings.count)
    }

    @Test func aMistakeInTheKeyThatIsKeptIsNotOneOfASetting() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("no key".utf8).write(to: folder.appending(path: "receipt-key.pem"))
        let error = #expect(throws: ConfigurationError.self) {
            try APIConfiguration(
                Settings(declared: APIConfiguration.settings, environment: ["STATE_DIRECTORY": folder.path]))
        }
        let text = try #require(error?.description)
        #expect(text.contains("$STATE_DIRECTORY") && text.contains("\(folder.path)/receipt-key.pem"))
        #expect(!text.contains("SMS_RECEIPT_KEY_FILE"))
    }

    @Test func theReceiptsKeyIsTheCredentialOrElseOneThatIsKept() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")
        let (state, credentials) = (folder.appending(path: "state"), folder.appending(path: "credentials"))
        for folder in [state, credentials] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        func key() throws -> String? {
            let environment = ["STATE_DIRECTORY": "\(state.path):/nowhere", "CREDENTIALS_DIRECTORY": credentials.path]
            return try APIConfiguration(Settings(declared: APIConfiguration.settings, environment: environment))
                .receiptKey?.verificationKey.id
        }
        let kept = try #require(try key())
        #expect(try key() == kept, "it outlives the program")
        let credential = try ReceiptSigningKey(file: "\(credentials.path)/sms_receipt-key", makingIfMissing: true)
        #expect(try key() == credential.verificationKey.id)
    }
}
