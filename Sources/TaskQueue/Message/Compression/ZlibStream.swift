internal import CZlib

/// A zlib stream, or a gzip file with one member.
///
/// Celery's `application/x-gzip` is a zlib stream, <https://www.rfc-editor.org/rfc/rfc1950>. A gzip file,
/// <https://www.rfc-editor.org/rfc/rfc1952>, is what the name makes other producers write.
struct ZlibStream: CompressedStream, ~Copyable {
    /// The largest window, and zlib's mark for "find out which of the two formats it is".
    private static let windowBits: Int32 = MAX_WBITS + 32

    // zlib remembers where this is: it must not move.
    private let state: UnsafeMutablePointer<z_stream>

    init?(_ input: UnsafeBufferPointer<UInt8>) {
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        // Redis holds no string that is longer.
        state.pointee.avail_in = UInt32(clamping: input.count)
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(state, Self.windowBits, ZLIB_VERSION, size) == Z_OK else {
            state.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
    }

    func read(into output: UnsafeMutableBufferPointer<UInt8>) -> (status: CompressedStreamStatus, count: Int) {
        state.pointee.next_out = output.baseAddress
        state.pointee.avail_out = UInt32(clamping: output.count)
        let result = inflate(state, Z_NO_FLUSH)
        let count = output.count - Int(state.pointee.avail_out)
        switch result {
        case Z_OK: return (.goesOn, count)
        case Z_STREAM_END: return (.ended, count)
        default: return (.corrupt, count)
        }
    }

    var unreadCount: Int { Int(state.pointee.avail_in) }
}
