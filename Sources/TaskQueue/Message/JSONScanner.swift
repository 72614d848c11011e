/// Where a text stops being JSON.
struct JSONSyntaxError: Error, Sendable {
    /// The offset in bytes.
    let offset: Int
    /// What is wrong there.
    let reason: String
}

/// Walks over JSON text by bytes. Strict: no `NaN`, no comments, no trailing commas.
///
/// It works on memory that the caller holds, and never looks behind its end. Every offset is counted from its start.
struct JSONScanner {
    /// Deeper nesting is refused: it is never meant, and it would exhaust the stack.
    private static let deepest = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Checks that there is one value and nothing behind it, and returns where it is, without white space.
    ///
    /// - Parameter visit: Called for each member if the value is an object.
    mutating func wholeText(
        members visit: (_ name: Range<Int>, _ value: Range<Int>) -> Void = { _, _ in }
    ) throws(JSONSyntaxError) -> Range<Int> {
        skipSpace()
        let start = index
        if peek == UInt8(ascii: "{") { try object(depth: 0, visit) } else { try value(depth: 0) }
        let end = index
        skipSpace()
        guard index == bytes.count else { throw error("text behind the value") }
        return start..<end
    }

    /// Visits the members of the object that begins here: where the name is, without its quotes, and the value.
    mutating func members(_ visit: (_ name: Range<Int>, _ value: Range<Int>) -> Void) throws(JSONSyntaxError) {
        try object(depth: 0, visit)
    }

    /// Visits the elements of the array that begins here.
    mutating func elements(_ visit: (_ element: Range<Int>) -> Void) throws(JSONSyntaxError) {
        try array(depth: 0, visit)
    }

    // MARK: - Grammar

    private mutating func value(depth: Int) throws(JSONSyntaxError) {
        guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest)") }
        switch peek {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try object(depth: depth) { _, _ in }
        case UInt8(ascii: "["): try array(depth: depth) { _ in }
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    @inline(__always)
    private mutating func object(
        depth: Int, _ visit: (Range<Int>, Range<Int>) -> Void
    ) throws(JSONSyntaxError) {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("a member's name is missing") }
            let name = index + 1
            try string()
            let nameEnd = index - 1
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon is missing") }
            skipSpace()
            let start = index
            try value(depth: depth + 1)
            visit(name..<nameEnd, start..<index)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("an object does not end") }
    }

    @inline(__always)
    private mutating func array(depth: Int, _ visit: (Range<Int>) -> Void) throws(JSONSyntaxError) {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        repeat {
            skipSpace()
            let start = index
            try value(depth: depth + 1)
            visit(start..<index)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("an array does not end") }
    }

    private mutating func string() throws(JSONSyntaxError) {
        index += 1
        while true {
            skipPlainText()
            guard let byte = peek else { throw error("a string does not end") }
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try escape()
            default: throw error("a control character in a string", at: index - 1)
            }
        }
    }

    /// Skips what stands for itself in a string, eight bytes at a time.
    private mutating func skipPlainText() {
        while index + 8 <= bytes.count {
            let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index)
                .loadUnaligned(as: UInt64.self).littleEndian
            let special = JSONBytes.special(in: word)
            guard special == 0 else {
                index += special.trailingZeroBitCount / 8
                return
            }
            index += 8
        }
        while index < bytes.count, !JSONBytes.isSpecial(bytes[index]) { index += 1 }
    }

    private mutating func escape() throws(JSONSyntaxError) {
        guard let byte = peek else { throw error("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = peek, Self.isHexadecimal(digit) else { throw error("\\u needs four digits") }
                index += 1
            }
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
        while let byte = peek, byte &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > start else { throw error("not a JSON value") }
    }

    private mutating func word(_ word: StaticString) throws(JSONSyntaxError) {
        for offset in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[offset]) {
            throw error("not a JSON value")
        }
    }

    @inline(__always)
    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    @inline(__always)
    private var peek: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private func error(_ reason: String, at offset: Int? = nil) -> JSONSyntaxError {
        JSONSyntaxError(offset: offset ?? index, reason: reason)
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

/// Which bytes do not stand for themselves in a JSON string: quotes, backslashes, control characters.
enum JSONBytes {
    @inline(__always)
    static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
    }

    /// Not 0 when one of eight bytes is special; then the lowest set bit lies in the first such byte.
    ///
    /// Source: <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord>
    @inline(__always)
    static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let controls = (word &- ones &* 0x20) & ~word
        return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | controls) & highs
    }
}
