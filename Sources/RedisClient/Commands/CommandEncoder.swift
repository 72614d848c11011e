/// Writes commands as RESP arrays of bulk strings: into memory of exactly the right size, which is known beforehand.
///
/// Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/#sending-commands-to-a-redis-server>
struct CommandEncoder {
    private static let lineEnd = 2

    /// What is still to be filled.
    private var rest: UnsafeMutableRawBufferPointer

    /// Makes bytes of that many, all of which the closure must write.
    static func bytes(_ count: Int, _ write: (inout CommandEncoder) -> Void) -> [UInt8] {
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { memory in
            var encoder = CommandEncoder(rest: memory)
            write(&encoder)
            precondition(encoder.rest.isEmpty, "an argument has another size than it says")
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            bytes.append(contentsOf: memory)
            return bytes
        }
    }

    /// How many bytes ``array(_:)`` writes.
    static func arraySize(_ count: Int) -> Int { 1 + count.byteCount + lineEnd }

    /// How many bytes ``bulk(_:)`` writes.
    static func bulkSize(_ argument: some RedisArgument) -> Int {
        let count = argument.byteCount
        return 1 + count.byteCount + lineEnd + count + lineEnd
    }

    /// Starts an array of that many bulk strings.
    mutating func array(_ count: Int) {
        header(UInt8(ascii: "*"), count)
    }

    /// Writes one argument.
    mutating func bulk(_ argument: some RedisArgument) {
        let count = argument.byteCount
        header(UInt8(ascii: "$"), count)
        argument.write(to: take(count))
        endLine()
    }

    /// Writes what is encoded already.
    mutating func copy(_ encoded: [UInt8]) {
        take(encoded.count).copyBytes(from: encoded)
    }

    private mutating func header(_ kind: UInt8, _ count: Int) {
        take(1)[0] = kind
        count.write(to: take(count.byteCount))
        endLine()
    }

    private mutating func endLine() {
        let memory = take(Self.lineEnd)
        memory[0] = UInt8(ascii: "\r")
        memory[1] = UInt8(ascii: "\n")
    }

    @inline(__always)
    private mutating func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
        precondition((0...rest.count).contains(count), "an argument has another size than it says")
        let start = rest.baseAddress
        rest = UnsafeMutableRawBufferPointer(start: start?.advanced(by: count), count: rest.count - count)
        return UnsafeMutableRawBufferPointer(start: start, count: count)
    }
}
