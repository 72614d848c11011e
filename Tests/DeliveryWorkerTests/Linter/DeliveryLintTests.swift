import Foundation
import SMSProviders
import SMSVerification
import SandboxGateway
import Testing

@testable import DeliveryWorker

@Suite struct DeliveryLintTests {
    private let demo = SandboxAccount.demo

    private func lint(_ accounts: [ProviderAccount], _ templates: String = "") throws -> DeliveryLint {
        DeliveryLint(
            accounts: accounts, templates: try MessageTemplates(text: templates), policy: VerificationPolicy())
    }

    @Test func aFindingNamesItsLineOnceForAllProviders() throws {
        let found = try lint([], "name Shop\ntext * * en Shop: {code} signs you in. Do not share it. Sign in.")
            .findingsInTemplates
        #expect(found.map(\.description) == ["line 2: does not say how long the code is valid: write {minutes}"])
    }

    @Test func aVariableWhoseNameIsNotKnownIsAFault() throws {
        let text = "template aliyun * zh SMS_1 登录验证码{code}，{minutes}分钟内有效，请勿告诉他人。"
        var account = demo.aliyun(at: "https://127.0.0.1")
        #expect(try lint([.aliyun(account)], text).findingsInTemplates.map(\.severity) == [.fault])
        account.minutesVariable = "minutes"
        #expect(try lint([.aliyun(account)], text).findingsInTemplates.isEmpty)
        #expect(try lint([.twilio(demo.twilio(at: "https://127.0.0.1"))], text).findingsInTemplates.isEmpty)
    }

    @Test func aTemplateWhoseWordsAreNotKnownIsNotJudged() throws {
        #expect(try lint([], "template tencent * * 1110").findingsInTemplates.isEmpty)
    }

    @Test func theStandardWordsLackTheNameAlone() throws {
        let accounts: [ProviderAccount] = [.twilio(demo.twilio(at: "https://127.0.0.1"))]
        let found = try lint(accounts).findingsInAccounts
        #expect(found.map(\.severity) == [.advice])
        #expect(found.first?.description.contains("write name lines") == true)
        let named = try lint(accounts, "name Shop").findingsInAccounts
        #expect(named.map(\.description) == ["SMS_TWILIO_TEXT does not say who asks: write Shop"])
    }

    @Test func theVendorsTemplateForTestsIsTold() throws {
        let account = YuntongxunConfiguration(accountSID: "a1", authToken: "b2", appID: "c3")
        #expect(try lint([.yuntongxun(account)]).findingsInAccounts.first?.description.contains("template 1") == true)
        #expect(try lint([.yuntongxun(demo.yuntongxun(at: "http://127.0.0.1"))]).findingsInAccounts.isEmpty)
    }

    @Test func aCountryThatNoAccountIsKnownToReachIsTold() throws {
        let countries = try NumberPlan("CN,HK,US").countries
        let mainland: [ProviderAccount] = [.yuntongxun(demo.yuntongxun(at: "http://127.0.0.1"))]
        let advice = try #require(CountryReach(mainland).advice(on: countries))
        #expect(advice.contains("has HK, US, and no provider"))
        #expect(CountryReach(mainland).advice(on: [.china]) == nil)
        let both = mainland + [.twilio(demo.twilio(at: "http://127.0.0.1"))]
        #expect(CountryReach(both).advice(on: countries) == nil)
    }

    @Test func whereCarriersWantItTheOperatorIsToldWhatThePageMustSay() throws {
        let advice = try #require(ConsentText.advice(on: [.china, try CountryCode("US")]))
        #expect(advice.contains(" has US: "))
        #expect(advice.contains("message and data rates may apply") && advice.contains("STOP"))
        #expect(ConsentText.advice(on: [.china, try CountryCode("GB")]) == nil)
    }

    /// What stands in an article between three backticks, beginning with that line.
    private func example(_ firstLine: String, in article: String) throws -> String {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/DeliveryWorker/DeliveryWorker.docc/\(article).md")
        let blocks = try String(contentsOf: page, encoding: .utf8).split(separator: "```\n")
        return String(try #require(blocks.first { $0.hasPrefix(firstLine) }))
    }

    @Test func theExamplesThatUsersAreGivenAreGood() throws {
        let demo = SandboxAccount.demo
        var aliyun = demo.aliyun(at: "https://127.0.0.1")
        aliyun.minutesVariable = "minutes"
        let accounts: [ProviderAccount] = [.aliyun(aliyun), .twilio(demo.twilio(at: "https://127.0.0.1"))]
        let lint = try lint(accounts, example("# keyword", in: "Templates"))
        #expect(lint.templates.entries.count == 3)
        #expect(lint.findingsInTemplates.isEmpty)
        let codes = try CodeTable(text: example("# provider   code", in: "Providers"))
        let result = SendResult(.retry(.channel), vendorCode: "isv.NEW_LIMIT", detail: "")
        #expect(codes.reinterpreted(result, of: "aliyun").outcome == .throttled(.number, retryAfter: nil))
    }
}
