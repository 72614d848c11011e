import Testing

@testable import DeliveryWorker

@Suite struct MessageLinterTests {
    private static let good = "Shop: {code} is your code to sign in, valid for {minutes} minutes. Do not share it."

    private func findings(
        _ text: String, by provider: ProviderName = .twilio, in language: String? = "en", signature: String? = nil,
        names: [String] = ["Shop", "商店"], warnings: [String] = [], minutes: Int = 5
    ) -> [LintFinding] {
        MessageLinter(names: names, warnings: warnings, minutes: minutes)
            .findings(text, by: provider, in: language, signature: signature)
    }

    @Test(arguments: [
        (good, "en"), ("\(good)\n\n@shop.example #{code}", "en-gb"),
        ("【商店】您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。", "zh-cn"),
        ("【商店】驗證碼{code}，{minutes}分鐘內有效，切勿轉告他人。", "zh-hant"),
    ])
    func aGoodMessageHasNoFinding(text: String, language: String) {
        #expect(findings(text, in: language) == [])
        #expect(findings(text, in: nil) == [])
    }

    @Test(arguments: [
        ("{code} is your code to sign in, valid for {minutes} minutes. Do not share it.", "does not say who asks"),
        ("Shop: {code} is it, valid for {minutes} minutes. Do not share it.", "does not say what the code is for"),
        ("Shop: {code} is your code to sign in. Do not share it.", "does not say how long the code is valid"),
        ("Shop: {code} is your code to sign in for 10 minutes. Do not share it.", "says 10 minutes, and codes live 5"),
        ("\(good) {minuets}", "has {minuets}, which stands for nothing"),
        ("Shop: {code} is your code to sign in for {minutes} minutes.", "does not ask to keep the code to oneself"),
        ("\(good)\n@shop.example #{code}\nBye", "not at its end"), ("\(good)\nshop.example #{code}", "do not know"),
        ("\(good)\n@https://shop.example #{code}", "do not know"), ("\(good)\n@shop.example {code}", "do not know"),
        ("\(good)\n@Shop.example #{code}", "do not know"), ("\(good)\n@shop.example:80 #{code}", "do not know"),
        ("\(good)\n@shop.example #{code} now", "do not know"),
    ])
    func whatAPersonMustBeToldOrABrowserReadsIsAFault(text: String, words: String) throws {
        let found = findings(text)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.severity == .fault)
        #expect(found.first?.description.contains(words) == true, "\(found)")
    }

    @Test func theMinutesTypedInRightAreAdvice() {
        let text = "【商店】您的登录验证码为{code}，5 分钟内有效，请勿告诉他人。"
        #expect(findings(text, in: "zh").map(\.severity) == [.advice])
        #expect(findings(text, in: "zh", minutes: 10).map(\.severity) == [.fault])
    }

    @Test func aLineForBrowsersAloneIsNoMessage() {
        let found = findings("@shop.example #{code}")
        #expect(found.contains { $0.description.contains("nothing for people") })
    }

    @Test func theVendorsSignatureSaysWhoAsks() {
        let text = "您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。"
        #expect(findings(text, by: .aliyun, in: "zh", signature: "别的").isEmpty)
        #expect(findings(text, by: .webhook, in: "zh").map(\.severity) == [.fault])
        #expect(findings(text, by: .webhook, in: "zh", names: []).isEmpty, "nobody has said how it is called")
    }

    @Test func aLanguageThatItDoesNotKnowIsAdviceUnlessAWarningLineHelps() {
        let text = "Shop : {code}, {minutes} minutes. Ne le communiquez à personne."
        #expect(findings(text, in: "fr").map(\.severity) == [.advice, .advice])
        let helped = findings(text, in: "fr", warnings: ["Ne le communiquez"])
        #expect(
            helped.map(\.description) == ["cannot be judged in this language: see that it says what the code is for"])
    }

    @Test func aLongMessageTellsHowManyPartsArePaidFor() throws {
        let padded = Self.good + String(repeating: " Thank you", count: 9)
        #expect(findings(padded).map(\.description).first?.contains("as 2 messages: it has") == true)
        let curly = Self.good.replacing("Do not", with: "Please don’t, and do not")
        let found = try #require(findings(curly).first)
        #expect(found.severity == .advice)
        #expect(found.description.contains(#"one takes 70, since "’" is not of the alphabet that takes 160"#))
    }

    @Test func onTheMainlandTheSignatureCountsToo() {
        let text = "您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。" + String(repeating: "谢", count: 30)
        #expect(findings(text, by: .aliyun, in: "zh", signature: nil).isEmpty)
        let found = findings(text, by: .aliyun, in: "zh", signature: "阿里云短信测试阿里云短信")
        #expect(found.map(\.severity) == [.advice])
    }

    @Test(arguments: [(ProviderName.yuntongxun, 250), (.twilio, 1600), (.sns, 1600)])
    func whatAVendorDoesNotTakeIsAFault(provider: ProviderName, most: Int) {
        let found = findings(Self.good + String(repeating: "x", count: most), by: provider)
        #expect(found.first?.severity == .fault)
        #expect(found.first?.description.contains("the vendor takes \(most)") == true)
    }

    @Test func aVariableThatIsTooLongForTheVendorIsAFault() {
        let text = "您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。"
        #expect(findings(text, by: .tencent, in: "zh", minutes: 999_999).isEmpty)
        let found = findings(text, by: .tencent, in: "zh", minutes: 1_000_000)
        #expect(found.map(\.description) == ["has minutes of 7 digits, and the vendor takes 6"])
    }
}
