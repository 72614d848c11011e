import TestSupport

@testable import SMSVerification

/// Random mobile numbers, and random spellings of a number.
enum RandomNumbers {
    /// Numbers of one country, from all its ranges.
    static func of(_ country: CountryCode, count: Int, using generator: inout SeededGenerator) -> [MobileNumber] {
        let ranges = NumberingRule.byCountry[country.text]?.mobileRanges ?? []
        return (0..<count).compactMap { _ in
            ranges.randomElement(using: &generator).map {
                MobileNumber(country: country, national: national($0, using: &generator))
            }
        }
    }

    private static func national(_ range: MobileRange, using generator: inout SeededGenerator) -> String {
        var digits = ""
        for leads in [range.leads, range.followers] {
            guard let lead = leads.randomElement(using: &generator) else { continue }
            digits += String(Int.random(in: lead.lowest...lead.highest, using: &generator))
        }
        let length = Int.random(in: range.lengths, using: &generator)
        while digits.count < length { digits += String(Int.random(in: 0...9, using: &generator)) }
        return digits
    }

    /// The ways to begin a number, each with separators strewn over it.
    static func spellings(of number: MobileNumber, using generator: inout SeededGenerator) -> [String] {
        let callingCode = number.country.callingCode
        let national = String(number.e164.dropFirst(1 + callingCode.count))
        let trunks = NumberingRule.byCountry[number.country.text]?.trunkPrefixes ?? []
        let beginnings =
            ["", callingCode, "+\(callingCode)", "00\(callingCode)", "(+\(callingCode))", "+\(callingCode) "]
            + trunks.flatMap { trunk in
                [trunk, "(\(trunk))"] + [
                    "+\(callingCode)(\(trunk))", "+\(callingCode) \(trunk)", "00\(callingCode)\(trunk)",
                ]
            }
        return beginnings.map { $0 + separated(national, using: &generator) }
    }

    private static func separated(_ digits: String, using generator: inout SeededGenerator) -> String {
        let opening = Int.random(in: 0..<digits.count, using: &generator)
        let closing = Int.random(in: opening..<digits.count, using: &generator)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index == opening { text += "(" }
            text.append(digit)
            if index == closing { text += ")" }
            text += ["", "", "", " ", "-", "."].randomElement(using: &generator) ?? ""
        }
        return text
    }
}
