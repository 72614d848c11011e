/// A task's id: any text; a random UUID when this library makes it.
public struct TaskID: Sendable, Hashable, CustomStringConvertible {
    /// The id as it stands in messages and logs.
    public let text: String

    /// An id that exists already.
    public init(_ text: String) {
        self.text = text
    }

    /// A new one: a version 4 UUID from the system's generator. <https://www.rfc-editor.org/rfc/rfc9562#section-5.4>
    public static func random() -> TaskID {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (half, dashes) in [(high, [8, 12]), (low, [0, 4])] {
            for position in 0..<16 {
                if dashes.contains(position) { text.append(UInt8(ascii: "-")) }
                text.append(digits[Int(half >> UInt64(60 - position * 4) & 15)])
            }
        }
        return TaskID(String(decoding: text, as: UTF8.self))
    }

    public var description: String { text }
}
