import Operations
import SMSProviders
import TaskQueue
import Testing

@testable import DeliveryWorker

@Suite struct SendingSettingsTests {
    private let account = [
        "SMS_YUNTONGXUN_ACCOUNT_SID": "aaf98f8952b6f5730152b6f500000001", "SMS_YUNTONGXUN_AUTH_TOKEN": "secret",
        "SMS_YUNTONGXUN_APP_ID": "8a216da852b6f5730152b6f500000002", "SMS_WEBHOOK_URL": "http://127.0.0.1:1/send",
        "SMS_WEBHOOK_SECRETS": "whsec_bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI=",
    ]

    private func configuration(_ environment: [String: String]) throws -> DeliveryConfiguration {
        try DeliveryConfiguration(
            Settings(
                declared: DeliveryConfiguration.settings,
                environment: account.merging(environment) { _, given in given }))
    }

    @Test func areQuietByDefault() throws {
        let sending = try configuration([:]).sending
        #expect(sending.shares == [.yuntongxun: SendingPolicy.Share()])
        #expect(sending.onUnknown == .resend)
        #expect(sending.badNumberMemory == .seconds(86_400))
    }

    @Test func nameWeightsAndLimitsOfEachProvider() throws {
        let configuration = try configuration([
            "SMS_PROVIDER": "yuntongxun=3, webhook=1", "SMS_YUNTONGXUN_RATE": "500/s",
            "SMS_WEBHOOK_CONCURRENCY": "20", "SMS_ON_UNKNOWN": "query", "SMS_BAD_NUMBER_MEMORY": "0",
        ])
        let sending = configuration.sending
        #expect(configuration.providers.map(\.name) == [.yuntongxun, .webhook])
        #expect(sending.shares[.yuntongxun]?.weight == 3)
        #expect(sending.shares[.yuntongxun]?.rate?.limit == RateLimit(500, per: .seconds(1), burst: 25))
        #expect(sending.shares[.webhook]?.weight == 1)
        #expect(sending.shares[.webhook]?.concurrency == 20)
        #expect(sending.onUnknown == .query)
        #expect(sending.badNumberMemory == .zero)
    }

    @Test(arguments: ["yuntongxun=0", "yuntongxun=", "yuntongxun=1001", "yuntongxun=1,yuntongxun", "other=1"])
    func refuseProvidersThatAreNone(_ text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(["SMS_PROVIDER": text]) }
        #expect("\(try #require(error))".contains("SMS_PROVIDER"))
    }

    @Test(arguments: ["500", "500/d", "0/s", "-1/s", "1.5/s", "/s", "1/s/s", "1000001/s"])
    func refuseARateThatIsNone(_ text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(["SMS_YUNTONGXUN_RATE": text]) }
        #expect("\(try #require(error))".contains("SMS_YUNTONGXUN_RATE"))
    }

    @Test(arguments: ["500/s", "30/m", "1000/h"]) func writeARateAsItIsRead(_ text: String) {
        #expect(CallRate(text)?.description == text)
    }

    @Test func refuseAWebhookInsideUnlessToldOtherwise() throws {
        var environment = ["SMS_PROVIDER": "webhook", "SMS_WEBHOOK_URL": "https://10.0.0.7/send"]
        let error = #expect(throws: ConfigurationError.self) { try configuration(environment) }
        #expect("\(try #require(error))".contains("SMS_WEBHOOK_URL"))
        environment["SMS_WEBHOOK_INTERNAL_ADDRESSES"] = "yes"
        #expect(try configuration(environment).providers.map(\.name) == [.webhook])
    }
}
