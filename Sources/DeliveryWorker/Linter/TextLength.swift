/// How a text travels: in which alphabet, and in how many parts, each of which is paid for.
///
/// Source: 3GPP TS 23.038, section 6.2.1, and TS 23.040, section 9.2.3.24.1: a message of 140 bytes holds 160 characters
/// of the GSM 7-bit alphabet, or 70 units of UCS-2; a part of a longer one 153, or 67.
struct TextLength: Equatable {
    /// Every character is one of the GSM 7-bit alphabet.
    let isGSM7: Bool
    /// Characters of 7 bits, or units of 16.
    let units: Int
    /// How many parts.
    let parts: Int

    /// - Parameter alwaysUCS2: So it is counted on the Chinese mainland, whatever the characters are.
    init(_ text: String, alwaysUCS2: Bool = false) {
        let scalars = text.unicodeScalars
        isGSM7 = !alwaysUCS2 && scalars.allSatisfy { Self.septets(of: $0) != nil }
        let costs = isGSM7 ? scalars.compactMap(Self.septets) : scalars.map { $0.value > 0xFFFF ? 2 : 1 }
        units = costs.reduce(0, +)
        let (whole, part) = isGSM7 ? (160, 153) : (70, 67)
        guard units > whole else {
            parts = 1
            return
        }
        var count = 1
        var used = 0
        for cost in costs {
            if used + cost > part { (count, used) = (count + 1, 0) }
            used += cost
        }
        parts = count
    }

    /// How many units one part has room for.
    var room: Int { isGSM7 ? 160 : 70 }

    /// The characters of a text that are not of the GSM 7-bit alphabet.
    static func foreignCharacters(in text: String) -> [Character] {
        text.filter { $0.unicodeScalars.contains { septets(of: $0) == nil } }.map(\.self)
    }

    /// One, two for what needs an escape, nil for what the alphabet does not have.
    private static func septets(of scalar: Unicode.Scalar) -> Int? {
        if basic.contains(scalar) { return 1 }
        return extended.contains(scalar) ? 2 : nil
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
