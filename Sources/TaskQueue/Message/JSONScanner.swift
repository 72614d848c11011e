/// Where a text stops being JSON.
struct JSONSyntaxError: Error, Sendable {
    /// The offset in bytes.
    let offset: Int
    /// What is wrong there.
    let reason: String
}

/// Walks over JSON text by bytes. Strict: no `NaN`, no comments, no trailing commas.
struct JSONScanner {
    /// Deeper nesting is refused: it is never meant, and it would exhaust the stack.
    private static let deepest = 128

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// Checks that there is one value and nothing behind it, and returns it without white space.
    mutating func wholeText() throws(JSONSyntaxError) -> ArraySlice<UInt8> {
        skipSpace()
        let start = index
        try value(depth: 0)
        let end = index
        skipSpace()
        guard index == bytes.endIndex else { throw error("text behind the value") }
        return bytes[start..<end]
    }

    /// In the inside of an object or array of a checked text: the next name, value or element; nil at the end.
    mutating func nextChecked() -> ArraySlice<UInt8>? {
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): return nil
            default:
                let start = index
                guard (try? value(depth: 0)) != nil else { return nil }
                return bytes[start..<index]
            }
        }
        return nil
    }

    // MARK: - Grammar

    private mutating func value(depth: Int) throws(JSONSyntaxError) {
        guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest)") }
        switch peek {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("a member's name is missing") }
            try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon is missing") }
            skipSpace()
            try value(depth: depth + 1)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("an object does not end") }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        repeat {
            skipSpace()
            try value(depth: depth + 1)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("an array does not end") }
    }

    private mutating func string() throws(JSONSyntaxError) {
        index += 1
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw error("a control character in a string")
            default: break
            }
        }
        throw error("a string does not end")
    }

    private mutating func escape() throws(JSONSyntaxError) {
        guard let byte = peek else { throw error("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = peek, Self.isHexadecimal(digit) else { throw error("\\u needs four digits") }
                index += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        default: throw error("an unknown escape")
        }
    }

    private mutating func number() throws(JSONSyntaxError) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = index
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw error("not a JSON value") }
    }

    private mutating func word(_ word: StaticString) throws(JSONSyntaxError) {
        for byte in "\(word)".utf8 where !take(byte) { throw error("not a JSON value") }
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private var peek: UInt8? {
        index < bytes.endIndex ? bytes[index] : nil
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: index - bytes.startIndex, reason: reason)
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
