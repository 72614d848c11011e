internal import CHiredis
internal import CHiredisShim

/// Builds Swift values out of what hiredis' reader reads, without hiredis' own reply tree in between.
///
/// Memory: hiredis owns the text it hands over, and only during the call, so every text is copied at once. Nothing that
/// Swift makes is given to hiredis. The listener holds an unretained pointer to this object; whoever owns the reader
/// keeps this object alive for longer.
final class ReplyBuilder {
    private struct OpenArray {
        var elements: [RESPValue]
        var missing: Int
    }

    /// hiredis 0.14 nests seven deep, later versions without end; deeper replies than this would exhaust the stack.
    private static let deepest = 32

    private var open: [OpenArray] = []
    /// A reply nests deeper than is good.
    private(set) var isTooDeep = false
    private(set) var finished: RESPValue?
    let listener: UnsafeMutablePointer<chiredis_listener>

    init() {
        listener = .allocate(capacity: 1)
        listener.initialize(to: chiredis_listener())
        listener.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        listener.pointee.text = { owner, kind, bytes, length in
            ReplyBuilder.at(owner).text(kind, UnsafeRawBufferPointer(start: bytes, count: length))
        }
        listener.pointee.integer = { owner, value in ReplyBuilder.at(owner).close(.integer(Int(value))) }
        listener.pointee.array = { owner, count in ReplyBuilder.at(owner).array(count) }
        listener.pointee.null = { owner in ReplyBuilder.at(owner).close(.null) }
    }

    deinit {
        listener.deallocate()
    }

    /// The reply that has just been read whole; it is handed out once.
    func take() -> RESPValue? {
        defer { finished = nil }
        return finished
    }

    private static func at(_ owner: UnsafeMutableRawPointer?) -> ReplyBuilder {
        guard let owner else { preconditionFailure("hiredis lost the listener's owner") }
        return Unmanaged<ReplyBuilder>.fromOpaque(owner).takeUnretainedValue()
    }

    private func text(_ kind: chiredis_text_kind, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case CHIREDIS_STATUS: close(.status(String(decoding: bytes, as: UTF8.self)))
        case CHIREDIS_ERROR: close(.error(String(decoding: bytes, as: UTF8.self)))
        default: close(.bytes([UInt8](bytes)))
        }
    }

    private func array(_ count: Int) {
        guard count > 0 else { return close(.array([])) }
        guard open.count < Self.deepest, !isTooDeep else {
            isTooDeep = true
            return
        }
        var elements: [RESPValue] = []
        // The count is the peer's word: it may not make us reserve gigabytes before a single element has come.
        elements.reserveCapacity(min(count, 1024))
        open.append(OpenArray(elements: elements, missing: count))
    }

    /// A value is complete: it is the next element of the innermost open array, or the reply itself.
    private func close(_ value: RESPValue) {
        var value = value
        while let last = open.indices.last {
            open[last].elements.append(value)
            open[last].missing -= 1
            guard open[last].missing == 0 else { return }
            value = .array(open.removeLast().elements)
        }
        finished = value
    }
}

/// The end of what can be read: not the Redis protocol, or nested deeper than hiredis goes.
struct ProtocolViolation: Error {
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
        let result = chiredis_reader_next(reader)
        guard !builder.isTooDeep else { throw ProtocolViolation(message: "a reply nests too deep") }
        switch result {
        case 1: return builder.take()
        case 0: return nil
        default: throw ProtocolViolation(message: String(cString: chiredis_reader_error(reader)))
        }
    }
}
