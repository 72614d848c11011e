/// The id of a captcha: a UUID's text, as the frontend made it.
public struct CaptchaID: Sendable, Hashable {
    /// The text, as it stands in the key `img_<uuid>`.
    public let text: String

    /// Reads a UUID: 8-4-4-4-12 hexadecimal digits; nil for everything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 36 else { return nil }
        for (place, byte) in text.utf8.enumerated() {
            let isDash = place == 8 || place == 13 || place == 18 || place == 23
            guard isDash ? byte == UInt8(ascii: "-") : Self.isHexadecimal(byte) else { return nil }
        }
        self.text = String(text)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
