import SMSVerification
import Testing

@Suite struct MobileNumberTests {
    @Test(arguments: ["13800138000", "+85251234567", "+447400123456", "+12015550123", "+4915123456789"])
    func readsItsCanonicalSpelling(_ text: String) throws {
        #expect(try #require(MobileNumber(canonical: text)).canonical == text)
    }

    @Test(arguments: [
        "+8613800138000", "8613800138000", "85251234567", "0085251234567", "+852 51234567", "+852 (5)1234567",
        "+4407400123456", "+85221234567", "+25261234567", "", "+", "１３８００１３８０００", "+85251234567\n",
    ])
    func readsNoOtherSpellingAsCanonical(_ text: String) {
        #expect(MobileNumber(canonical: text) == nil)
    }

    @Test(arguments: [("13800138000", "138****8000"), ("+85251234567", "+852****4567"), ("+12015550123", "+1****0123")])
    func showsNoWholeNumberByAccident(_ text: String, _ masked: String) throws {
        let number = try #require(MobileNumber(canonical: text))
        var dumped = ""
        dump(["key": [number]], to: &dumped)
        for shown in [
            "\(number)", String(reflecting: number), "\([number])", String(describing: Optional(number)), dumped,
        ] {
            #expect(shown.contains(masked) && !shown.contains(number.e164.dropFirst()))
            #expect(!shown.contains(text))
        }
    }
}
