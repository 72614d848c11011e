import Foundation
import Operations
import Testing

/// What systemd hands over in `CREDENTIALS_DIRECTORY`.
@Suite struct CredentialTests {
    private static let key = Setting<String?>.sealKeyFile

    private func settings(_ folder: TemporaryFolder, environment: [String: String] = [:]) throws -> Settings {
        try Settings(
            declared: Sample.declared + [Self.key.description],
            environment: environment.merging(["CREDENTIALS_DIRECTORY": folder.path]) { $1 })
    }

    @Test(arguments: ["", "sms_"]) func aSettingHasTheValueOfItsCredential(prefix: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("\(prefix)yuntongxun-auth-token", "s3cret\n")
        _ = try folder.file("\(prefix)broker-url", "redis://:s3cret@redis:6379/3\n")
        let settings = try settings(folder)
        #expect(try settings.read(Sample.token) == "s3cret")
        #expect(try settings.read(Setting.broker) == "redis://:s3cret@redis:6379/3")
        #expect(try settings.read(Sample.concurrency) == 64)
    }

    @Test func whereAFileIsAskedForTheCredentialIsTheFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("seal-key", "not to be read")
        #expect(try settings(folder).read(Self.key) == path)
    }

    @Test func theFileOfSettingsMayBeOne() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("sms_config", #"{"sms": {"concurrency": 16}}"#)
        #expect(try settings(folder).read(Sample.concurrency) == 16)
    }

    @Test func ofSeveralFilesItIsTheOnlyOne() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("seal-other-key", "not to be read")
        let setting = Setting<String?>.sealOtherKeyFiles
        let settings = try Settings(
            declared: [setting.description], environment: ["CREDENTIALS_DIRECTORY": folder.path])
        #expect(try settings.list(setting) == [path])
    }

    @Test func theEnvironmentComesFirstAndTheConfigurationFileLast() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("concurrency", "8")
        let file = try folder.file("config.json", #"{"sms": {"concurrency": 16}}"#)
        #expect(try settings(folder, environment: ["SMS_CONFIG": file]).read(Sample.concurrency) == 8)
        #expect(try settings(folder, environment: ["SMS_CONCURRENCY": "32"]).read(Sample.concurrency) == 32)
    }

    @Test func aWrongOneIsNamedWithoutItsPassword() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("broker-url", "http://:s3cret@redis")
        let error = try #require(throws: ConfigurationError.self) { try settings(folder).read(Setting.broker) }
        #expect(error.description.contains("the credential broker-url"))
        #expect(!error.description.contains("s3cret"))
    }

    @Test func aCredentialThatIsNoFileIsNamed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/broker-url", withIntermediateDirectories: false)
        let error = try #require(throws: ConfigurationError.self) { try settings(folder) }
        #expect(error.description.hasPrefix("cannot read the credential \(folder.path)/broker-url: Is a directory"))
    }
}
