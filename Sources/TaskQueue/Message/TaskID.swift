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
        let random = PooledRandomNumbers()
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let text = String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for position in 0..<32 {
                if position >= 8, position <= 20, position % 4 == 0 {
                    text[end] = UInt8(ascii: "-")
                    end += 1
                }
                let half = position < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - position % 16 * 4) & 15)
                text[end] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                end += 1
            }
            return end
        }
        return TaskID(text)
    }

    public var description: String { text }
}
