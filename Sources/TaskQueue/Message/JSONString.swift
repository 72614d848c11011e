/// Strings as JSON has them; non-ASCII text is written as it is, so that people can read it in Redis.
package enum JSONString {
    /// The string with quotes and escapes.
    package static func encode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    /// The same as text, to be put into JSON that is written as text.
    static func literal(_ text: String) -> String {
        String(decoding: encode(text), as: UTF8.self)
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
    static func text(of content: UnsafeBufferPointer<UInt8>) -> String {
        guard runLength(content, from: 0) < content.count else { return String(decoding: content, as: UTF8.self) }
        return String(decoding: unescaped(content), as: UTF8.self)
    }

    /// The UTF-8 bytes of that text.
    static func unescaped(_ content: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        // An escape is never shorter than what it stands for.
        [UInt8](unsafeUninitializedCapacity: content.count) { output, count in
            var index = 0
            while index < content.count {
                let run = runLength(content, from: index)
                for offset in 0..<run { output[count + offset] = content[index + offset] }
                count += run
                index += run
                guard index < content.count else { break }
                count += unescape(content, &index, into: output, at: count)
            }
        }
    }

    /// How many bytes from the index on are before the next backslash or the end.
    private static func runLength(_ content: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < content.count, content[index] != UInt8(ascii: "\\") { index += 1 }
        return index - start
    }

    /// Writes what the escape at the index stands for. Returns how many bytes that are.
    private static func unescape(
        _ content: UnsafeBufferPointer<UInt8>, _ index: inout Int, into output: UnsafeMutableBufferPointer<UInt8>,
        at position: Int
    ) -> Int {
        let escaped = content[index + 1]
        index += 2
        guard escaped == UInt8(ascii: "u") else {
            output[position] =
                switch escaped {
                case UInt8(ascii: "b"): 8
                case UInt8(ascii: "f"): 12
                case UInt8(ascii: "n"): 10
                case UInt8(ascii: "r"): 13
                case UInt8(ascii: "t"): 9
                default: escaped
                }
            return 1
        }
        let bytes = UTF8.encode(scalar(content, &index)) ?? UTF8.encodedReplacementCharacter
        for (offset, byte) in bytes.enumerated() { output[position + offset] = byte }
        return bytes.count
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
