internal import FoundationEssentials

/// Bytes as text that is safe in URLs and JSON, without padding. Source: RFC 4648, section 5.
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString(options: [.base64URLAlphabet, .omitPaddingCharacter])
    }

    /// Nil unless the text is exactly what ``encode(_:)`` makes of the bytes: every value has one spelling.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let classic = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let data = Data(base64Encoded: classic), encode(data) == text else { return nil }
        return Array(data)
    }
}
