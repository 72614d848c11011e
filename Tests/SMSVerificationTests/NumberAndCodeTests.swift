import Testing

@testable import SMSVerification

@Suite struct NumberAndCodeTests {
    @Test func readsMainlandNumbersAndMasksThem() throws {
        let mobile = try #require(MobileNumber(mainland: "13800138000"))
        #expect(mobile.canonical == "13800138000")
        #expect("\(mobile)" == "138****8000")
    }

    @Test(arguments: [
        "", "1380013800", "138001380000", "12800138000", "23800138000", "1380013800a", "+8613800138000", " 13800138000",
        "１３８００１３８０００", "١٣٨٠٠١٣٨٠٠٠", "1380013800٠", "13800138000\n",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(MobileNumber(mainland: text) == nil)
    }

    @Test func codesKeepTheirLeadingZerosAndAreSpreadEvenly() {
        var firstDigits = [Character: Int]()
        for _ in 0..<20_000 {
            let code = OneTimeCode.random()
            #expect(code.digits.utf8.count == 6)
            #expect(OneTimeCode(code.digits) == code)
            if let digit = code.digits.first { firstDigits[digit, default: 0] += 1 }
        }
        // 2000 each are expected; 1700 and 2300 lie seven standard deviations away.
        #expect(firstDigits.count == 10)
        #expect(firstDigits.values.allSatisfy { (1700...2300).contains($0) }, "\(firstDigits)")
        #expect("\(OneTimeCode.random())" == "******")
        #expect(OneTimeCode("12345a") == nil && OneTimeCode("1234567") == nil && OneTimeCode("１２３４５６") == nil)
    }

    @Test func captchaAnswersAreFolded() throws {
        func folded(_ text: String) -> String { CaptchaAnswer(text, .standard).folded }
        #expect(folded(" acde h\n") == "ACDEH")
        // What people take for a character of the alphabet is that character.
        #expect(folded("0OQ5ZF4VY") == "DDDS2EAUX")
        #expect(folded(String(repeating: "A", count: 1000)).isEmpty)
        #expect(CaptchaAlphabet.standard.text(length: 6).count == 6)
        for character in CaptchaAlphabet.standard.characters { #expect(folded("\(character)") == "\(character)") }
        // With an alphabet of one's own, what is in it stays as it is.
        let digits = try #require(CaptchaAlphabet("0123456789"))
        #expect(CaptchaAnswer("0455O", digits).folded == "0455O")
        for text in ["", "ABC", "AABCDEFGHIJK", "abcdefghijkl", "ABCDEFGHI JK"] {
            #expect(CaptchaAlphabet(text) == nil)
        }
    }

    @Test func captchaIDsAreUUIDs() {
        #expect(CaptchaID("0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c")?.text == "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c")
        for text in ["", "0b2a3c9e", "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6g", "0b2a3c9e54e14d5c8f0a1d2e3f4a5b6c", "*"] {
            #expect(CaptchaID(text) == nil)
        }
    }

    @Test func theMessagesMinutesFollowFromTheCodesLife() {
        var policy = VerificationPolicy()
        #expect(policy.codeMinutes == 5)
        policy.codeLifetime = .seconds(600)
        #expect(policy.codeMinutes == 10)
    }
}
