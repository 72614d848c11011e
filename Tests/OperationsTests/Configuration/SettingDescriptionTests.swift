import Configuration
import Testing

@testable import Operations

@Suite struct SettingDescriptionTests {
    /// The environment variables that the system documents.
    @Test(arguments: [
        ("broker.url", "SMS_BROKER_URL"), ("store.url", "SMS_STORE_URL"), ("queue", "SMS_QUEUE"),
        ("concurrency", "SMS_CONCURRENCY"), ("worker.name", "SMS_WORKER_NAME"), ("log.level", "SMS_LOG_LEVEL"),
        ("log.format", "SMS_LOG_FORMAT"), ("provider", "SMS_PROVIDER"), ("ack", "SMS_ACK"),
        ("api.host", "SMS_API_HOST"), ("api.port", "SMS_API_PORT"),
        ("operations.host", "SMS_OPERATIONS_HOST"), ("operations.port", "SMS_OPERATIONS_PORT"),
        ("sandbox.host", "SMS_SANDBOX_HOST"), ("sandbox.port", "SMS_SANDBOX_PORT"),
        ("yuntongxun.baseURL", "SMS_YUNTONGXUN_BASE_URL"), ("yuntongxun.accountSID", "SMS_YUNTONGXUN_ACCOUNT_SID"),
        ("yuntongxun.authToken", "SMS_YUNTONGXUN_AUTH_TOKEN"), ("yuntongxun.appID", "SMS_YUNTONGXUN_APP_ID"),
        ("yuntongxun.templateID", "SMS_YUNTONGXUN_TEMPLATE_ID"),
    ])
    func variables(key: String, variable: String) {
        #expect(Setting.optionalString(key, flag: nil, help: "A value").description.variable == variable)
        #expect(SystemKeys.all.contains(key))
        // swift-configuration, which does the reading, must have the same idea of the name.
        let provider = EnvironmentVariablesProvider(environmentVariables: [variable: "x"])
        #expect(ConfigReader(provider: provider).scoped(to: "sms").string(forKey: ConfigKey(key)) == "x")
    }

    @Test func helpShowsVariableAndDefault() {
        #expect(
            Sample.concurrency.helpText
                == "How many jobs run at once. (environment: SMS_CONCURRENCY; default: 64)")
        #expect(Sample.grace.helpText == "Time to finish. (environment: SMS_GRACE; default: 25)")
        #expect(
            Sample.token.helpText
                == "The token of the account. "
                + "(environment: SMS_YUNTONGXUN_AUTH_TOKEN or SMS_YUNTONGXUN_AUTH_TOKEN_FILE)")
    }

    @Test func settingsWithoutFlagsHaveTheirOwnHelp() {
        #expect(
            SettingDescription.environmentHelp(Sample.declared) == """
                SMS_YUNTONGXUN_ACCOUNT_SID  The account
                SMS_YUNTONGXUN_TEMPLATE_ID  The template (default: 1)
                SMS_YUNTONGXUN_AUTH_TOKEN   The token of the account; \
                or SMS_YUNTONGXUN_AUTH_TOKEN_FILE, the path of a file that holds it
                """)
    }
}
