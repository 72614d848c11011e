import Operations
import Testing

@Suite struct ConfigurationFileTests {
    private func settings(_ json: String) throws -> Settings {
        let folder = try TemporaryFolder()
        return try Sample.settings(environment: ["SMS_CONFIG": try folder.file("sms.json", json)])
    }

    private func failure(_ json: String) throws -> String {
        try #require(throws: ConfigurationError.self) { try settings(json) }.description
    }

    @Test func holdsTextsNumbersAndLists() throws {
        let settings = try settings(
            """
            {"other": true, "sms": {"broker": {"url": "redis://h/1"}, "api": {"port": 81}, "ack": null,
             "grace": 1.5, "yuntongxun": {"authToken": "s3cret", "templateID": ["7", "8"]}}}
            """)
        #expect(try settings.read(.broker) == "redis://h/1")
        #expect(try settings.read(Sample.port) == 81)
        #expect(try settings.read(Sample.acknowledgement) == .late)
        #expect(try settings.read(Sample.grace) == .seconds(1.5))
        #expect(try settings.read(Sample.token) == "s3cret")
        #expect(try settings.read(Sample.template) == "7,8")
    }

    @Test func theFlagNamesTheFileBeforeTheVariable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("a.json", #"{"sms": {"concurrency": 5}}"#)
        let settings = try Sample.settings(
            flags: [Setting.configurationFile.given(path)], environment: ["SMS_CONFIG": "/nowhere"])
        #expect(try settings.read(Sample.concurrency) == 5)
    }

    @Test func acceptsTheKeysOfOtherPrograms() throws {
        let settings = try settings(#"{"sms": {"sandbox": {"port": 8090}, "concurrency": 5}}"#)
        #expect(try settings.read(Sample.concurrency) == 5)
    }

    @Test(arguments: [
        (#"{"sms": {"concurency": 5}}"#, "sms.concurency", "sms.concurrency"),
        (#"{"sms": {"broker": "redis://h/1"}}"#, "sms.broker", "sms.broker.url"),
        (#"{"sms": {"broker": {"uri": "redis://h/1"}}}"#, "sms.broker.uri", "sms.broker.url"),
        (#"{"sms": {"yuntongxun": {"accountSid": "a"}}}"#, "sms.yuntongxun.accountSid", "sms.yuntongxun.accountSID"),
    ])
    func anUnknownKeyIsNamedWithTheNearestKnownOne(json: String, key: String, nearest: String) throws {
        let description = try failure(json)
        #expect(description.hasPrefix("unknown key \(key) in "))
        #expect(description.hasSuffix("the nearest known key is \(nearest)"))
    }

    @Test func aMissingFileIsNamed() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Sample.settings(flags: [Setting.configurationFile.given("/nowhere/sms.json")])
        }
        #expect(
            error.description
                == "cannot read the configuration file /nowhere/sms.json: No such file or directory; "
                + "correct --config (SMS_CONFIG) or the file")
    }

    @Test(arguments: ["", "{", "sms: 1", #"{"sms": {"concurrency": 5,}"#])
    func whatIsNotJSONIsRefused(text: String) throws {
        let description = try failure(text)
        #expect(description.contains("sms.json is not valid JSON"))
        #expect(!description.contains("\n"))
    }

    @Test(arguments: [#"{"broker": {"url": "redis://h/1"}}"#, "[]", #"{"sms": 1}"#])
    func aFileWithoutTheSectionIsRefused(json: String) throws {
        #expect(try failure(json).contains(#"holds no object "sms""#))
    }

    @Test(arguments: [#"{"sms": {"concurrency": {"a": 1}}}"#, #"{"sms": {"concurrency": [[1]]}}"#])
    func aValueOfTheWrongShapeIsRefused(json: String) throws {
        #expect(try failure(json).hasPrefix("sms.concurrency in "))
    }
}
