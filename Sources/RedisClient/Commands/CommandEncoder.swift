/// Writes a command as a RESP array of bulk strings.
public struct CommandEncoder: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Starts an array of so many bulk strings.
    init(count: Int, lengthHint: Int, _ arguments: [any RedisArgument]) {
        self.init(lengthHint: lengthHint, arguments)
        header(UInt8(ascii: "*"), count)
    }

    /// Starts with bulk strings that belong to an array of somebody else.
    init(lengthHint: Int = 0, _ arguments: [any RedisArgument]) {
        // Beside its bytes an argument has a sign, digits and two line ends.
        let roomForHeaders = 16
        bytes.reserveCapacity(
            arguments.reduce(lengthHint + 2 * roomForHeaders) { $0 + $1.lengthHint + roomForHeaders })
    }

    /// Appends one argument.
    public mutating func append(_ argument: some Collection<UInt8>) {
        header(UInt8(ascii: "$"), argument.count)
        bytes.append(contentsOf: argument)
        lineEnd()
    }

    /// Appends what is encoded already.
    mutating func append(encoded more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    private mutating func header(_ kind: UInt8, _ count: Int) {
        bytes.append(kind)
        append(digitsOf: count)
        lineEnd()
    }

    private mutating func append(digitsOf number: Int) {
        if number >= 10 { append(digitsOf: number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func lineEnd() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}
