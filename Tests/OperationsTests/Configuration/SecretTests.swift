import Operations
import Testing

@Suite struct SecretTests {
    private let variable = "SMS_YUNTONGXUN_AUTH_TOKEN"

    @Test(arguments: [
        ("s3cret", "s3cret"), ("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), (" s3cret\t\n", "s3cret"),
    ])
    func comeFromAFile(contents: String, expected: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("token", contents)
        let settings = try Sample.settings(environment: ["\(variable)_FILE": path])
        #expect(try settings.read(Sample.token) == expected)
    }

    @Test func comeFromTheEnvironment() throws {
        #expect(try Sample.settings(environment: [variable: "s3cret"]).read(Sample.token) == "s3cret")
    }

    @Test func comeFromOnePlaceOnly() throws {
        let folder = try TemporaryFolder()
        let environment = [variable: "a", "\(variable)_FILE": try folder.file("token", "b")]
        let error = try #require(throws: ConfigurationError.self) { try Sample.settings(environment: environment) }
        #expect(error.description == "\(variable) and \(variable)_FILE are both set: unset one of them")
    }

    @Test func aMissingFileIsNamed() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Sample.settings(environment: ["\(variable)_FILE": "/nowhere/token"])
        }
        #expect(
            error.description
                == "cannot read /nowhere/token: No such file or directory; "
                + "correct \(variable)_FILE or make the file readable")
    }

    @Test func areNeverInErrors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("token", "s3cret-one\ns3cret-two\n")
        for environment in [["\(variable)_FILE": path], [variable: "s3cret\ntwo"]] {
            let settings = try Sample.settings(environment: environment)
            let error = try #require(throws: ConfigurationError.self) { try settings.read(Sample.token) }
            #expect(!error.description.contains("s3cret"))
            #expect(error.description.contains(variable))
        }
    }

    @Test func areNeverInDescriptionsOfTheSettings() throws {
        let settings = try Sample.settings(environment: [variable: "s3cret"])
        #expect(try settings.read(Sample.token) == "s3cret")
        #expect(!"\(settings)".contains("s3cret"))
    }

    @Test(arguments: [
        ("http://user:pa:s@s@host/x", "http://user:**@host/x"),
        ("redis://:s3cret@host:port", "redis://:**@host:port"),
        ("user:s3cret@host", "user:**@host"),
        ("redis:/host?password=s3cret&x=1", "redis:/host?password=**&x=1"),
        ("redis:/host", "redis:/host"),
    ])
    func passwordsInURLsAreNotShown(text: String, shown: String) throws {
        let settings = try Sample.settings(flags: [Setting.broker.given(text + " x")])
        let error = try #require(throws: ConfigurationError.self) { try settings.read(.broker) }
        #expect(error.description.hasPrefix("\"\(shown) x\" is no valid value for --broker"))
    }

    @Test func aMissingSecretNamesBothVariables() throws {
        let error = try #require(throws: ConfigurationError.self) { try Sample.settings().require(Sample.token) }
        #expect(error.description.hasSuffix("set \(variable) or \(variable)_FILE"))
    }
}
