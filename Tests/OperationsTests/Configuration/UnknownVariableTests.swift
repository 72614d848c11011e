import Testing

@testable import Operations

@Suite struct UnknownVariableTests {
    private func unknown(_ names: String...) throws -> [String] {
        let environment = Dictionary(names.map { ($0, "x") }) { $1 }
        let declared = [
            Setting.broker.description, Setting.secret("aliyun.accessKeySecret", help: "A secret").description,
        ]
        return UnknownVariable.all(in: environment, declared: declared).map(\.description)
    }

    @Test func ofAllProgramsAndOfScriptsAreKnown() throws {
        #expect(
            try unknown(
                "SMS_BROKER_URL", "SMS_TWILIO_SENDER", "SMS_TWILIO_AUTH_TOKEN_FILE",
                "SMS_ALIYUN_ACCESS_KEY_SECRET_FILE",
                "SMS_DATA", "PATH"
            ).isEmpty)
    }

    @Test func whatIsMisspeltIsToldTheKnownOne() throws {
        #expect(
            try unknown("SMS_ALIYUN_RAET", "SMS_API_SERVICE_HOST") == [
                "SMS_ALIYUN_RAET is no setting; did you mean SMS_ALIYUN_RATE?",
                "SMS_API_SERVICE_HOST is no setting: nobody reads it",
            ])
    }

    @Test func onlySecretsComeFromFilesThatAVariableNames() throws {
        #expect(try unknown("SMS_BROKER_URL_FILE").count == 1)
    }
}
