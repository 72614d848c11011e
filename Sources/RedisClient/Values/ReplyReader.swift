internal import CHiredis
internal import CHiredisShim

/// The end of what can be read: not the Redis protocol, or nested deeper than hiredis goes.
struct ProtocolViolation: Error, Equatable {
    let message: String
}

/// Takes bytes as they come and gives whole replies. No socket: a connection feeds it, and so can a test.
struct ReplyReader: ~Copyable {
    private let reader: UnsafeMutablePointer<redisReader>
    private let builder = ReplyBuilder()

    init() {
        guard let reader = chiredis_reader_create(builder.listener) else {
            preconditionFailure("out of memory: hiredis could not make a reader")
        }
        self.reader = reader
    }

    deinit {
        redisReaderFree(reader)
    }

    /// Adds bytes that came from the peer.
    func feed(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes {
            _ = redisReaderFeed(reader, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
    }

    /// The next whole reply, nil while bytes are missing.
    func next() throws(ProtocolViolation) -> RESPValue? {
        try Self.next(from: reader, builder)
    }

    /// The next whole reply of any reader that listens with this builder.
    static func next(
        from reader: UnsafeMutablePointer<redisReader>?, _ builder: ReplyBuilder
    ) throws(ProtocolViolation) -> RESPValue? {
        while true {
            let result = chiredis_reader_next(reader)
            guard !builder.isTooDeep else { throw ProtocolViolation(message: "a reply nests too deep") }
            switch result {
            case 1: if let reply = builder.take() { return reply }
            case 0: return nil
            default: throw ProtocolViolation(message: String(cString: chiredis_reader_error(reader)))
            }
        }
    }
}
