import SMSVerification
import TaskQueue
import Testing

@Suite struct LanguageTagTests {
    @Test(arguments: ["zh", "zh-CN", "zh-Hans-CN", "EN", "sl-rozaj-biske", "de-CH-1996", "gsw"])
    func aTagStaysAsItWasWritten(text: String) {
        #expect(LanguageTag(text)?.text == text)
    }

    @Test(arguments: [
        "", "z", "-", "zh-", "-zh", "zh--CN", "zh_CN", "1-a", "中文", "zh CN", "zh\n", "abcdefghi", "zh-123456789", "*",
        "aa-bb-cc-dd-ee-ff-gg-hh-ii-jj-kk-lll",
    ])
    func otherTextsAreNone(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    @Test(arguments: [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en;q=0.5, fr ; q=0.7", "fr"), ("de, en", "de"), ("*, en;q=0.1", "en"),
        ("en;q=x, fr;q=0.1", "fr"), ("en_US, fr", "fr"),
    ])
    func aBrowserWantsThatMost(field: String, expected: String) {
        #expect(LanguageTag(acceptLanguage: field)?.text == expected)
    }

    @Test(arguments: ["", "*", ",", ";q=1", "en;q=0", "en;q=x"])
    func aBrowserMayWantNone(field: String) {
        #expect(LanguageTag(acceptLanguage: field) == nil)
    }

    @Test func theTutorialsCallHasItsTwoArgumentsAndNoHeaderOfOurs() async throws {
        let producer = RecordingProducer()
        let arguments = SendCodeArguments(mobile: "13800138000", code: "012345")
        try await producer.enqueue(sendCodeTask(), arguments)
        try await producer.enqueue(
            sendCodeTask(purpose: Purpose("login"), language: LanguageTag("zh-CN")), arguments)
        #expect(producer.tasks.map(\.headers) == [[:], ["sms_purpose": "login", "sms_language": "zh-CN"]])
        for message in producer.messages {
            let text = String(decoding: message, as: UTF8.self)
            #expect(text.contains(#"[[\"13800138000\",\"012345\"],{},{}]"#), "\(text)")
        }
    }
}
