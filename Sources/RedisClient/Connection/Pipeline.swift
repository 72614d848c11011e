/// Encoded commands that follow each other.
struct Pipeline {
    private static let mostCommands = 1000
    private static let mostBytes = 1024 * 1024

    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ command: [UInt8]) {
        bytes.append(contentsOf: command)
        count += 1
    }

    /// Appends a command that is no script.
    mutating func append(_ command: RedisCommand) {
        if case .encoded(let bytes) = command.content { append(bytes) }
    }

    /// Cuts a list of any length into portions that are sent one after the other, so that neither side must hold it all.
    static func portions(of commands: [RedisCommand]) -> some Sequence<ArraySlice<RedisCommand>> {
        sequence(state: commands[...]) { rest -> ArraySlice<RedisCommand>? in
            guard !rest.isEmpty else { return nil }
            var size = 0
            let portion = rest.prefix(mostCommands).prefix { command in
                defer { size += command.roughSize }
                return size < mostBytes
            }
            rest = rest[portion.endIndex...]
            return portion
        }
    }
}

extension RedisCommand {
    fileprivate var roughSize: Int {
        switch content {
        case .encoded(let bytes): bytes.count
        case .script(let call): call.roughSize
        }
    }
}
