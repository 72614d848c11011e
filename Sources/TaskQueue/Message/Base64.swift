internal import FoundationEssentials

/// Base64 with the standard alphabet and padding. Source: <https://www.rfc-editor.org/rfc/rfc4648#section-4>
enum Base64 {
    static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text).map { [UInt8]($0) }
    }
}
