/// What may be an argument of a command: text, bytes, numbers.
public protocol RedisArgument: Sendable {
    /// How many bytes it has.
    var byteCount: Int { get }
    /// Writes exactly these bytes to `memory`, which has room for them and no more. What it leaves out would be sent as
    /// whatever the memory held before.
    func write(to memory: UnsafeMutableRawBufferPointer)
}

extension String: RedisArgument {
    public var byteCount: Int { utf8.count }
    public func write(to memory: UnsafeMutableRawBufferPointer) { memory.copyBytes(from: utf8) }
}

extension Substring: RedisArgument {
    public var byteCount: Int { utf8.count }
    public func write(to memory: UnsafeMutableRawBufferPointer) { memory.copyBytes(from: utf8) }
}

extension [UInt8]: RedisArgument {
    public var byteCount: Int { count }
    public func write(to memory: UnsafeMutableRawBufferPointer) { memory.copyBytes(from: self) }
}

extension ArraySlice<UInt8>: RedisArgument {
    public var byteCount: Int { count }
    public func write(to memory: UnsafeMutableRawBufferPointer) { memory.copyBytes(from: self) }
}

extension Int: RedisArgument {
    public var byteCount: Int { decimalDigits + (self < 0 ? 1 : 0) }

    public func write(to memory: UnsafeMutableRawBufferPointer) {
        var rest = magnitude
        for index in memory.indices.reversed() {
            memory[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        if self < 0 { memory[memory.startIndex] = UInt8(ascii: "-") }
    }

    private var decimalDigits: Int {
        var (digits, rest) = (1, magnitude)
        while rest >= 10 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}

extension Double: RedisArgument {
    public var byteCount: Int { description.utf8.count }
    public func write(to memory: UnsafeMutableRawBufferPointer) { description.write(to: memory) }
}

extension StaticString: RedisArgument {
    public var byteCount: Int { utf8CodeUnitCount }
    public func write(to memory: UnsafeMutableRawBufferPointer) {
        withUTF8Buffer { memory.copyBytes(from: $0) }
    }
}
