import Foundation

/// The bytes of one direction of a connection, from one non-blocking socket to the other.
struct OneWayStream {
    enum Received {
        case bytes(ArraySlice<UInt8>)
        case nothing
        case end

        var isEnd: Bool { if case .end = self { true } else { false } }
    }

    private let source: Int32
    private let sink: Int32
    private var pending: ArraySlice<UInt8> = []

    init(from source: Int32, to sink: Int32) {
        self.source = source
        self.sink = sink
    }

    /// Bytes that were read and not yet written.
    var hasPending: Bool { !pending.isEmpty }

    /// No more is read before all is written: so a side that does not read makes the other one wait.
    var waits: [pollfd] {
        [
            hasPending
                ? pollfd(fd: sink, events: Int16(POLLOUT), revents: 0)
                : pollfd(fd: source, events: Int16(POLLIN), revents: 0)
        ]
    }

    /// Reads what there is, if all before it is written; false at the end.
    mutating func read(_ look: (ArraySlice<UInt8>) -> Void = { _ in }) -> Bool {
        guard !hasPending else { return true }
        switch discard() {
        case .end: return false
        case .nothing: return true
        case .bytes(let bytes):
            look(bytes)
            pending = bytes
            return true
        }
    }

    /// Reads what there is and forgets it.
    func discard() -> Received {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(source, &buffer, buffer.count, 0)
        if count > 0 { return .bytes(buffer[..<count]) }
        return count < 0 && errno == EAGAIN ? .nothing : .end
    }

    /// Writes what was read, as far as the sink takes it; false when the sink is gone.
    mutating func write(byteByByte: Bool) -> Bool {
        while hasPending {
            let count = pending.withUnsafeBytes {
                send(sink, $0.baseAddress, byteByByte ? 1 : $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { return errno == EAGAIN }
            pending.removeFirst(count)
        }
        return true
    }

    /// Writes bytes of the proxy's own.
    mutating func write(_ bytes: [UInt8]) -> Bool {
        pending = bytes[...]
        return write(byteByByte: false)
    }
}
