import Logging
import Operations
import Testing

@Suite struct SettingsTests {
    /// What the flag, the variable and the file say, and what must be read.
    @Test(
        arguments: [
            (nil, nil, nil, 64),
            (nil, nil, 3, 3),
            (nil, "2", nil, 2),
            (nil, "2", 3, 2),
            ("1", nil, nil, 1),
            ("1", "2", nil, 1),
            ("1", nil, 3, 1),
            ("1", "2", 3, 1),
            (nil, "", 3, 3),
        ] as [(String?, String?, Int?, Int)])
    func precedence(flag: String?, variable: String?, file: Int?, expected: Int) throws {
        let folder = try TemporaryFolder()
        var environment: [String: String] = [:]
        environment["SMS_CONCURRENCY"] = variable
        if let file {
            environment["SMS_CONFIG"] = try folder.file("sms.json", #"{"sms": {"concurrency": \#(file)}}"#)
        }
        let settings = try Sample.settings(flags: [Sample.concurrency.given(flag)], environment: environment)
        #expect(try settings.read(Sample.concurrency) == expected)
    }

    @Test func aValueFromEachSourceIsNamedByItWhenItIsWrong() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("sms.json", #"{"sms": {"concurrency": 0}}"#)
        let cases: [(GivenFlag?, [String: String], String)] = [
            (Sample.concurrency.given("0"), [:], "--concurrency"),
            (nil, ["SMS_CONCURRENCY": "0"], "SMS_CONCURRENCY"),
            (nil, ["SMS_CONFIG": path], "sms.concurrency in \(path)"),
        ]
        for (flag, environment, origin) in cases {
            let settings = try Sample.settings(flags: [flag], environment: environment)
            let error = try #require(throws: ConfigurationError.self) { try settings.read(Sample.concurrency) }
            #expect(
                error.description
                    == #""0" is no valid value for \#(origin): expected a whole number from 1 to 1000"#)
        }
    }

    @Test func blanksAroundAValueDoNotBelongToIt() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("sms.json", #"{"sms": {"yuntongxun": {"templateID": " 7 "}}}"#)
        let settings = try Sample.settings(
            flags: [Sample.concurrency.given(" 3\n")],
            environment: [
                "SMS_YUNTONGXUN_ACCOUNT_SID": "\ta1 ", "SMS_YUNTONGXUN_AUTH_TOKEN": " b2 ", "SMS_CONFIG": path,
            ])
        #expect(try settings.read(Sample.concurrency) == 3)
        #expect(try settings.read(Sample.account) == "a1")
        #expect(try settings.read(Sample.token) == "b2")
        #expect(try settings.read(Sample.template) == "7")
    }

    @Test func listsHaveBlanksInsideTheirPartsOnly() throws {
        let settings = try Sample.settings(environment: ["SMS_YUNTONGXUN_ACCOUNT_SID": " /a b/c , d,"])
        #expect(try settings.list(Sample.account) == ["/a b/c", "d"])
    }

    @Test(arguments: ["", "x", "0", "1001", "-1", "6 4", "1.5", "99999999999999999999"])
    func numbersOutOfRangeAreRefused(text: String) throws {
        let settings = try Sample.settings(flags: [Sample.concurrency.given(text)])
        #expect(throws: ConfigurationError.self) { try settings.read(Sample.concurrency) }
    }

    @Test(arguments: ["0", "65536", "http", "-80"])
    func portsOutOfRangeAreRefused(text: String) throws {
        let settings = try Sample.settings(flags: [Sample.port.given(text)])
        #expect(throws: ConfigurationError.self) { try settings.read(Sample.port) }
    }

    @Test(arguments: [(nil, 9181), ("9000", 9000), ("0", nil)] as [(String?, Int?)])
    func operationsPortZeroIsOff(text: String?, expected: Int?) throws {
        let setting = Setting.operationsPort(default: 9181)
        let settings = try Sample.settings(flags: [setting.given(text)])
        #expect(try settings.read(setting) == expected)
    }

    @Test func choicesDisregardCase() throws {
        let given = try Sample.settings(flags: [Sample.acknowledgement.given("EARLY")])
        #expect(try given.read(Sample.acknowledgement) == .early)
        let wrong = try Sample.settings(flags: [Sample.acknowledgement.given("never")])
        let error = try #require(throws: ConfigurationError.self) { try wrong.read(Sample.acknowledgement) }
        #expect(error.description == #""never" is no valid value for --ack: expected late or early"#)
    }

    @Test(arguments: [("2.5", 2.5), ("0", 0), ("60", 60)])
    func secondsMayHaveDecimals(text: String, expected: Double) throws {
        let settings = try Sample.settings(flags: [Sample.grace.given(text)])
        #expect(try settings.read(Sample.grace) == .seconds(expected))
    }

    @Test(arguments: ["61", "-1", "nan", "inf", "25s", ""])
    func secondsOutOfRangeAreRefused(text: String) throws {
        let settings = try Sample.settings(flags: [Sample.grace.given(text)])
        let error = try #require(throws: ConfigurationError.self) { try settings.read(Sample.grace) }
        #expect(error.description.contains("expected seconds from 0 to 60"))
    }

    @Test(arguments: [
        "redis://127.0.0.1:6379/3", "rediss://user:pw@host/0", "unix:///run/redis.sock",
        "redis+socket:///run/redis.sock?virtual_host=3", "sentinel://a:1;sentinel://b:2/0?master_name=m",
    ])
    func brokerURLs(text: String) throws {
        let settings = try Sample.settings(environment: ["SMS_BROKER_URL": text])
        #expect(try settings.read(.broker) == text)
    }

    @Test(arguments: ["localhost", "http://localhost", "redis://", "redis:/x", "redis://a b"])
    func otherURLsAreRefused(text: String) throws {
        let settings = try Sample.settings(environment: ["SMS_BROKER_URL": text])
        let error = try #require(throws: ConfigurationError.self) { try settings.read(.broker) }
        #expect(error.description.contains("SMS_BROKER_URL: expected a URL that begins with redis://"))
    }

    @Test(arguments: [("DEBUG", Logger.Level.debug), ("warning", .warning), ("Critical", .critical)])
    func logLevelsByCelerysNames(text: String, expected: Logger.Level) throws {
        let settings = try Settings(declared: [], environment: ["SMS_LOG_LEVEL": text])
        #expect(try settings.read(.logLevel) == expected)
    }

    @Test func aValueWithoutDefaultIsMissedByName() throws {
        let settings = try Sample.settings()
        #expect(try settings.read(Sample.account) == nil)
        let error = try #require(throws: ConfigurationError.self) { try settings.require(Sample.account) }
        #expect(
            error.description
                == "yuntongxun.accountSID is not set (The account): set SMS_YUNTONGXUN_ACCOUNT_SID")
    }

    @Test func errorsStayOnOneLine() throws {
        let settings = try Sample.settings(flags: [Sample.concurrency.given("1\nsms-worker: all is well\u{1b}[2J")])
        let error = try #require(throws: ConfigurationError.self) { try settings.read(Sample.concurrency) }
        #expect(!error.description.contains { $0.isNewline })
        #expect(error.description.contains(#"1\nsms-worker: all is well\u{1b}[2J"#))
    }
}
