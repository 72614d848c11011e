/// Into how many parts a text is cut (3GPP TS 23.038).
enum TwilioSegments {
    private static let basic = Set(
        """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
        abcdefghijklmnopqrstuvwxyzäöñüà
        """.unicodeScalars)
    /// Characters that take up two places, the first of them an escape.
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

    /// The number of parts: one of 160 places or several of 153; where the alphabet is not enough, 70 or 67.
    static func count(_ text: String) -> Int {
        let scalars = text.unicodeScalars
        guard scalars.allSatisfy({ basic.contains($0) || extended.contains($0) }) else {
            return parts(text.utf16.count, single: 70, several: 67)
        }
        return parts(scalars.count + scalars.filter(extended.contains).count, single: 160, several: 153)
    }

    private static func parts(_ places: Int, single: Int, several: Int) -> Int {
        places <= single ? 1 : (places + several - 1) / several
    }
}
