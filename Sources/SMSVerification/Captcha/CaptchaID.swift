/// The id of a captcha: a UUID's text, as the frontend made it.
public struct CaptchaID: Sendable, Hashable {
    /// The text, as it stands in the key `img_<uuid>`.
    public let text: String

    /// Reads a UUID: 8-4-4-4-12 hexadecimal digits; nil for everything else.
    public init?(_ text: some StringProtocol) {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
        guard groups.joined().allSatisfy(Self.isHexadecimal) else { return nil }
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
