import SMSProviders
import Testing

@testable import DeliveryWorker

@Suite struct MessageTemplatesTests {
    private static let text = #"""
        # who        what for   language   what
        name 商店
        name Shop
        warning ne le communiquez à personne
        template yuntongxun  login  zh     10001
        template yuntongxun  *      *      10002
        template aliyun      login  *      SMS_1 您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。
        template aliyun      *      zh-CN  SMS_2
        template tencent     pay    *      1110  {minutes}分钟 {code}
        text     *           *      en     Shop: {code}  is it.\n\n@shop.example #{code}
        text     twilio      *      en     Twilio: {code}
        text     twilio      login  *      Login: {code}
        text     *           *      EN-gb  Shop, old chap: {code}
        """#

    private func templates() throws -> MessageTemplates { try MessageTemplates(text: Self.text) }

    @Test(arguments: [
        ("login", "zh-CN", "10001"), ("login", "ZH", "10001"), ("login", "zhx", "10002"), ("verify", "zh", "10002"),
        ("pay", "en", "10002"),
    ])
    func thePurposeDecidesThenTheLanguage(purpose: String, language: String, id: String) throws {
        #expect(try templates().chosen(purpose: purpose, language: language)["yuntongxun"]?.id == id)
    }

    @Test func aPurposeInAnyLanguageComesBeforeALanguageForAnyPurpose() throws {
        #expect(try templates().chosen(purpose: "login", language: "zh-CN")["aliyun"]?.id == "SMS_1")
        #expect(try templates().chosen(purpose: "verify", language: "zh-CN")["aliyun"]?.id == "SMS_2")
        #expect(try templates().chosen(purpose: "verify", language: "zh")["aliyun"] == nil, "the account's own")
        #expect(try templates().chosen(purpose: "login", language: "en")["twilio"]?.text == "Login: {code}")
    }

    @Test func aLineForOneProviderComesBeforeOneForAll() throws {
        let chosen = try templates().chosen(purpose: "verify", language: "en-US")
        #expect(chosen["twilio"]?.text == "Twilio: {code}")
        #expect(chosen["sns"]?.text == "Shop: {code}  is it.\n\n@shop.example #{code}")
        #expect(chosen["webhook"] == chosen["sns"])
        let british = try templates().chosen(purpose: "verify", language: "en-GB-oed")
        #expect(british["twilio"]?.text == "Shop, old chap: {code}", "the nearer language decides first")
        #expect(british["yuntongxun"]?.text == nil, "texts are for those that send them")
    }

    @Test func anApprovedTextSaysInWhichOrderItsVariablesCome() throws {
        #expect(try templates().chosen(purpose: "pay", language: "zh")["tencent"]?.variables == [.minutes, .code])
    }

    @Test func withoutALineEachAccountHasItsOwn() {
        #expect(MessageTemplates().chosen(purpose: "login", language: "zh-CN").isEmpty)
    }

    @Test(arguments: [
        ("hello", "unknown word hello; a line begins with name, warning, template or text"),
        ("name", "write something behind name"), ("text twilio login", "write text PROVIDER PURPOSE LANGUAGE TEXT"),
        ("template aliyun * *", "write template PROVIDER PURPOSE LANGUAGE ID"),
        ("text pigeon * * {code}", "unknown provider pigeon"), ("text sns Login * {code}", "Login is no purpose"),
        ("text sns * zh_CN {code}", "zh_CN is no language"), ("text sns * * hello", "the text has no {code}"),
        ("text sns * * {code} {minuets}", "{minuets} stands for nothing; write {code} or {minutes}"),
        ("text aliyun * * {code}", "sends approved templates alone"),
        ("template twilio * * 7", "sends texts of your own"),
        ("template * * * 7", "a template belongs to one provider"),
        ("template tencent * * SMS_7", "write it like 1110"),
        ("template aliyun * * 7", "7 is no template of aliyun; write it like SMS_154950909"),
        ("template aliyun * * SMS_7 hello", "the text has no {code}"),
        ("text twilio login * {code}", "twilio login * is in line 12 already"),
    ])
    func aMistakeIsNamedWithItsLineAndTheRemedy(line: String, words: String) throws {
        let error = try #require(throws: TableError.self) { try MessageTemplates(text: "\(Self.text)\n\(line)") }
        #expect(error.line == 14)
        #expect(error.description.contains(words), "\(error)")
    }
}
