import TestSupport

@testable import RedisClient

/// Random replies of every RESP2 kind, each as a value and as its bytes on the wire.
struct RandomReplies {
    private(set) var values: [RESPValue] = []
    private(set) var bytes: [UInt8] = []
    private let longestString: Int

    /// How deep arrays nest in hiredis 0.14, which has the lowest limit.
    private static let deepestNesting = 7
    /// Strings are cut out of this: to make every byte anew would take most of the test's time.
    private static let noise: [UInt8] = {
        var generator = SeededGenerator(seed: 0)
        return (0..<1_000_000).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
    }()

    init(longestString: Int) {
        self.longestString = longestString
    }

    /// Adds one reply.
    mutating func appendReply(using generator: inout SeededGenerator) {
        values.append(write(depth: 0, using: &generator))
    }

    private mutating func write(depth: Int, using generator: inout SeededGenerator) -> RESPValue {
        switch Int.random(in: 0..<(depth < Self.deepestNesting ? 10 : 6), using: &generator) {
        case 0:
            let text = Self.line(using: &generator)
            write("+\(text)")
            return .status(text)
        case 1:
            let text = Self.line(using: &generator)
            write("-\(text)")
            return .error(text)
        case 2:
            let number = Self.number(using: &generator)
            write(":\(number)")
            return .integer(number)
        case 3:
            write(Bool.random(using: &generator) ? "$-1" : "*-1")
            return .null
        case 4, 5:
            let string = string(using: &generator)
            write("$\(string.count)")
            bytes += string
            write("")
            return .bytes(string)
        default:
            let count = Int.random(in: 0...4, using: &generator)
            write("*\(count)")
            return .array((0..<count).map { _ in write(depth: depth + 1, using: &generator) })
        }
    }

    private mutating func write(_ line: String) {
        bytes += line.utf8
        bytes += [13, 10]
    }

    private func string(using generator: inout SeededGenerator) -> [UInt8] {
        let length = Int.random(in: 0...min(longestString, Self.noise.count), using: &generator)
        let start = Int.random(in: 0...Self.noise.count - length, using: &generator)
        return Array(Self.noise[start..<start + length])
    }

    /// The text of a status or an error; the protocol forbids CR and LF in it, and hiredis 1.x refuses them.
    private static func line(using generator: inout SeededGenerator) -> String {
        ["", "OK", "ERR unknown", "验证码 ✓", "$5", " "].randomElement(using: &generator) ?? ""
    }

    private static func number(using generator: inout SeededGenerator) -> Int {
        let small = Int.random(in: -1000...1000, using: &generator)
        return [0, -1, .max, .min, small].randomElement(using: &generator) ?? small
    }
}
