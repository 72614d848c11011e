/// Whether a character could end a line, move a terminal's cursor or turn the direction of writing, and so make a line
/// look like something that nobody wrote: control characters, line and paragraph separators, bidirectional overrides.
func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

/// Appends `text` as UTF-8 with unsafe characters written as `\n`, `\t`, `\r` or `\u{1b}`.
///
/// With `quoting`, quotation marks and backslashes get a backslash too, so that a quoted value can be read back.
func appendEscaped(_ text: String, quoting: Bool = false, to line: inout [UInt8]) {
    if isPlain(text) {
        line.append(contentsOf: text.utf8)
        return
    }
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": line.append(contentsOf: #"\n"#.utf8)
        case "\r": line.append(contentsOf: #"\r"#.utf8)
        case "\t": line.append(contentsOf: #"\t"#.utf8)
        case "\"" where quoting, "\\" where quoting:
            line.append(UInt8(ascii: "\\"))
            line.append(contentsOf: scalar.utf8)
        case _ where isUnsafe(scalar): line.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
        default: line.append(contentsOf: scalar.utf8)
        }
    }
}

/// `text` with unsafe characters written as escapes.
package func escapingControls(in text: String) -> String {
    var bytes: [UInt8] = []
    appendEscaped(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// Appends `text` as a JSON string (RFC 8259), quotation marks included; unsafe characters are written as `\u001b`.
func appendJSONString(_ text: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    defer { line.append(UInt8(ascii: "\"")) }
    if isPlain(text) {
        line.append(contentsOf: text.utf8)
        return
    }
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": line.append(contentsOf: #"\n"#.utf8)
        case "\r": line.append(contentsOf: #"\r"#.utf8)
        case "\t": line.append(contentsOf: #"\t"#.utf8)
        case "\"": line.append(contentsOf: #"\""#.utf8)
        case "\\": line.append(contentsOf: #"\\"#.utf8)
        case _ where isUnsafe(scalar):
            let digits = String(scalar.value, radix: 16)
            line.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        default: line.append(contentsOf: scalar.utf8)
        }
    }
}

/// Whether every character stays as it is in any kind of line; nearly all texts are so, and this is the quick way to know.
private func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
}
