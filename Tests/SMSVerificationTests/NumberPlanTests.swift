import TestSupport
import Testing

@testable import SMSVerification

@Suite struct NumberPlanTests {
    private let everywhere = NumberPlan(others: CountryCode.known)

    private func read(_ text: String, _ plan: NumberPlan) -> Result<MobileNumber, NumberRefusal> {
        Result { () throws(NumberRefusal) in try plan.read(text) }
    }

    @Test(arguments: [
        "13800138000", "+8613800138000", "008613800138000", "8613800138000", "+86 138 0013 8000", "(+86) 138-0013-8000",
        "0086-138-0013-8000", "86 138.0013.8000", "013800138000", "+86 (0) 13800138000", "  13800138000 ",
    ])
    func readsEverySpellingOfAMainlandNumberAsOne(_ text: String) throws {
        let number = try NumberPlan().read(text)
        #expect(number == MobileNumber(mainland: "13800138000"))
        #expect(number.canonical == "13800138000" && number.e164 == "+8613800138000")
        #expect(number.country == .china && number.prefix == "+861380013")
    }

    @Test func opensTheWholeMainlandRange() throws {
        for second in 3...9 {
            for third in 0...9 {
                let text = "1\(second)\(third)00138000"
                #expect(try NumberPlan().read(text).canonical == text)
            }
        }
    }

    @Test(arguments: [
        ("GB", "+44 (0)7400 123456", "+447400123456"), ("GB", "07400 123456", "+447400123456"),
        ("GB", "7400123456", "+447400123456"), ("GB", "447400123456", "+447400123456"),
        ("HK", "5123 4567", "+85251234567"), ("HK", "85251234567", "+85251234567"),
        ("US", "(201) 555-0123", "+12015550123"), ("US", "1-201-555-0123", "+12015550123"),
        ("CA", "+1 506 234 5678", "+15062345678"), ("DE", "0151 23456789", "+4915123456789"),
        ("IT", "+39 312 345 6789", nil), ("IT", "320 123 4567", "+393201234567"),
        ("RU", "8 (912) 345-67-89", "+79123456789"), ("KZ", "8 701 123 4567", "+77011234567"),
        ("LT", "8 612 34567", "+37061234567"), ("HU", "06 20 123 4567", "+36201234567"),
        ("MX", "+52 1 222 123 4567", "+522221234567"), ("BR", "(11) 96123-4567", "+5511961234567"),
        ("SG", "8123 4567", "+6581234567"), ("JP", "090-1234-5678", "+819012345678"),
        ("KR", "010-2000-0000", "+821020000000"), ("TW", "0912-345-678", "+886912345678"),
        ("MO", "6612 3456", "+85366123456"), ("AU", "0412 345 678", "+61412345678"),
        ("FR", "06 12 34 56 78", "+33612345678"), ("IN", "+91 81234 56789", "+918123456789"),
    ])
    func readsNumbersAsTheirCountryWritesThem(_ home: String, _ text: String, _ expected: String?) throws {
        let plan = try NumberPlan(home)
        let number = try? plan.read(text)
        #expect(number?.e164 == expected)
        #expect(number?.canonical == expected)
    }

    @Test(arguments: [
        "", " ", "+", "()", "abc", "1380013800a", "１３８００１３８０００", "١٣٨٠٠١٣٨٠٠٠", "1380013800٠", "13800138000\n",
        "13800138000\0",
        "＋8613800138000", "138\u{2011}0013\u{2011}8000", "+86+13800138000", "86+13800138000", "++8613800138000",
        "((0)13800138000", "(138001380 00", "138)00138000", "+008613800138000", "0000138000", "138/0013/8000",
        "tel:13800138000", "13800138000;ext=1", String(repeating: "1", count: 41), "1\u{301}3800138000",
    ])
    func readsNothingButASCIIDigitsAndSeparators(_ text: String) {
        #expect(read(text, everywhere) == .failure(.unreadable))
    }

    @Test func refusesCountriesThatAreNotServed() throws {
        let plan = try NumberPlan("CN,HK,us")
        #expect(plan.countries.map(\.text) == ["CN", "HK", "US"] && plan.home == .china)
        #expect(try plan.read("+852 5123 4567").canonical == "+85251234567")
        // Singapore is known, Somalia and satellites are not, and Canada shares the United States' calling code.
        for text in ["+65 8123 4567", "00252 61 2345678", "+870 773 111 632", "+881612345678", "+1 506 234 5678"] {
            #expect(read(text, plan) == .failure(.countryNotAllowed), "\(text)")
        }
        // Without + the calling codes of other countries are not guessed at.
        #expect(read("85251234567", plan) == .failure(.notMobile))
        #expect(try plan.read("13802138000").country == .china)
        let hongKong = try CountryCode("HK")
        #expect(try plan.read("51234567", in: hongKong).canonical == "+85251234567")
        #expect(try plan.read("+8613800138000", in: hongKong).country == .china)
        let singapore = try CountryCode("SG")
        #expect(throws: NumberRefusal.countryNotAllowed) { try plan.read("81234567", in: singapore) }
    }

    @Test(arguments: [
        // The mainland: too short, too long, no mobile range, landlines, services, the Internet of Things.
        "1380013800", "138001380000", "12800138000", "010 6552 9988", "4008123123", "95588", "1064912345678",
        "+86 1380013800", "+86 10 6552 9988", "+8616812345", "86138001380000", "00861380013800",
        // Premium rate and shared cost.
        "+852 900 12345678", "+44 9012345678", "+44 8431234567", "+33 891123456", "+49 9001234567", "+39 899123456",
        "+1 900 234 5678", "+34 803123456", "+61 1900654321", "+81 990123456", "+65 19001234567", "+41 900123456",
        "+7 8091234567", "+420 900123456", "+32 90012345", "+60 1600123456", "+31 9061234567",
        // Personal numbers, voice over IP, pagers, toll-free, satellite phones.
        "+44 7012345678", "+44 7640123456", "+1 500 234 5678", "+1 800 234 5678", "+886 991234567", "+49 70012345678",
        "+41 740123456", "+81 5012345678", "+46 740123456", "+7 9541234567", "+66 601234567", "+31 662345678",
        // Islands behind +1 and +44 that are other countries: the Dominican Republic, Jamaica, Guernsey, Jersey, Man.
        "+1 809 234 5678", "+1 876 234 5678", "+44 7781 123456", "+44 7797 123456", "+44 7624 123456",
        // Landlines, and numbers of no length.
        "+44 20 7946 0000", "+33 123456789", "+852 2123 4567", "+1 201 911 2345", "+1 201 155 2345", "+1 2015550",
        "+999999999999999", "+44", "+1", "7",
    ])
    func refusesWhatIsNoMobileNumber(_ text: String) {
        let refusal: NumberRefusal = text == "+999999999999999" ? .countryNotAllowed : .notMobile
        #expect(read(text, everywhere) == .failure(refusal))
    }

    @Test func allSpellingsOfANumberGiveOneKey() throws {
        var generator = SeededGenerator(seed: 14)
        for country in CountryCode.known {
            let plan = NumberPlan(home: country, others: CountryCode.known)
            for number in RandomNumbers.of(country, count: 40, using: &generator) {
                for text in RandomNumbers.spellings(of: number, using: &generator) {
                    #expect(try plan.read(text) == number, "\(text) in \(country)")
                }
                #expect(MobileNumber(canonical: number.canonical) == number)
                #expect(number.e164.hasPrefix(number.prefix) && number.prefix.count == number.e164.count - 4)
            }
        }
    }

    @Test func aNumberBelongsToOneCountryOnly() throws {
        var generator = SeededGenerator(seed: 27)
        for country in CountryCode.known {
            for number in RandomNumbers.of(country, count: 40, using: &generator) {
                let owners = NumberingRule.all.filter { $0.international(String(number.e164.dropFirst())) != nil }
                #expect(owners.map(\.country) == [country])
            }
        }
    }

    @Test func theTablesLeadsAreWellFormed() {
        for rule in NumberingRule.all {
            for range in rule.mobileRanges {
                #expect(!range.leads.isEmpty)
                for lead in range.leads + range.followers {
                    #expect(0 < lead.lowest && lead.lowest <= lead.highest, "\(rule.country): \(lead)")
                    #expect("\(lead.lowest)".count == lead.length && "\(lead.highest)".count == lead.length)
                }
                // A trunk prefix begins no number, so that taking it off cannot make another one.
                for lead in range.leads {
                    for digits in lead.lowest...max(lead.lowest, lead.highest) {
                        #expect(!rule.trunkPrefixes.contains { "\(digits)".hasPrefix($0) }, "\(rule.country): \(lead)")
                    }
                }
            }
        }
    }

    @Test(arguments: ["", "XX", "CN,", ",CN", "CN,XX", "CN HK", "CHN", "86"])
    func namesTheCountriesThatAreKnown(_ list: String) throws {
        let error = try #require(throws: UnknownCountry.self) { try NumberPlan(list) }
        #expect("\(error)".contains("AE AT AU") && "\(error)".contains("CN"))
    }

    @Test func readsAListOfCountriesOnce() throws {
        #expect(try NumberPlan("cn, hk,CN").countries.map(\.text) == ["CN", "HK"])
        #expect(NumberPlan().countries == [.china])
        #expect(Set(CountryCode.known.map(\.text)).count == NumberingRule.all.count)
    }
}
