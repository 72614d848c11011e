/// Strings as JSON has them; non-ASCII text is written as it is, so that people can read it in Redis.
package enum JSONString {
    /// The string with quotes and escapes.
    package static func encode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { appendEscaped($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Bytes that are UTF-8 text, escaped but without quotes.
    static func appendEscaped(_ text: [UInt8], to bytes: inout [UInt8]) {
        text.withUnsafeBufferPointer { appendEscaped($0, to: &bytes) }
    }

    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var start = 0
        for index in text.indices where JSONBytes.isSpecial(text[index]) {
            bytes.append(contentsOf: text[start..<index])
            appendEscape(of: text[index], to: &bytes)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            for digit in [byte >> 4, byte & 15] {
                bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            }
        }
    }

    /// The text between the quotes of a checked string. A lone surrogate becomes the replacement character.
    static func text(of content: ArraySlice<UInt8>) -> String {
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        return String(decoding: unescaped(content), as: UTF8.self)
    }

    /// The UTF-8 bytes of that text.
    static func unescaped(_ content: ArraySlice<UInt8>) -> [UInt8] {
        content.withUnsafeBufferPointer { content in
            // An escape is never shorter than what it stands for.
            [UInt8](unsafeUninitializedCapacity: content.count) { output, count in
                var index = 0
                func write(_ byte: UInt8) {
                    output[count] = byte
                    count += 1
                }
                while index < content.count {
                    let byte = content[index]
                    index += 1
                    guard byte == UInt8(ascii: "\\") else {
                        write(byte)
                        continue
                    }
                    let escaped = content[index]
                    index += 1
                    switch escaped {
                    case UInt8(ascii: "u"):
                        let scalar = Self.scalar(content, &index)
                        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { write(byte) }
                    case UInt8(ascii: "b"): write(8)
                    case UInt8(ascii: "f"): write(12)
                    case UInt8(ascii: "n"): write(10)
                    case UInt8(ascii: "r"): write(13)
                    case UInt8(ascii: "t"): write(9)
                    default: write(escaped)
                    }
                }
            }
        }
    }

    /// What the four digits at the index stand for, or together with a second escape that completes a surrogate pair.
    private static func scalar(_ content: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Unicode.Scalar {
        let first = unit(content, at: index)
        index += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, index + 6 <= content.count, content[index] == UInt8(ascii: "\\"),
            content[index + 1] == UInt8(ascii: "u")
        {
            let second = unit(content, at: index + 2)
            if (0xDC00...0xDFFF).contains(second) {
                index += 6
                return Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        return "\u{FFFD}"
    }

    private static func unit(_ content: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for digit in content[start..<start + 4] {
            unit = unit << 4 + UInt32(digit & 15) + (digit > UInt8(ascii: "9") ? 9 : 0)
        }
        return unit
    }
}
