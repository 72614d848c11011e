internal import CBzip2

/// A bzip2 stream, as Celery's `application/x-bz2` is one. Source: <https://sourceware.org/bzip2/manual/manual.html>
struct Bzip2Stream: CompressedStream, ~Copyable {
    // libbzip2 remembers where this is: it must not move.
    private let state: UnsafeMutablePointer<bz_stream>

    init?(_ input: UnsafeBufferPointer<UInt8>) {
        state = .allocate(capacity: 1)
        state.initialize(to: bz_stream())
        state.pointee.next_in = Self.characters(UnsafeMutablePointer(mutating: input.baseAddress))
        // Redis holds no string that is longer.
        state.pointee.avail_in = UInt32(clamping: input.count)
        let verbosity: Int32 = 0
        let savesMemory: Int32 = 0
        guard BZ2_bzDecompressInit(state, verbosity, savesMemory) == BZ_OK else {
            state.deallocate()
            return nil
        }
    }

    deinit {
        BZ2_bzDecompressEnd(state)
        state.deallocate()
    }

    func read(into output: UnsafeMutableBufferPointer<UInt8>) -> (status: CompressedStreamStatus, count: Int) {
        state.pointee.next_out = Self.characters(output.baseAddress)
        state.pointee.avail_out = UInt32(clamping: output.count)
        let result = BZ2_bzDecompress(state)
        let count = output.count - Int(state.pointee.avail_out)
        switch result {
        case BZ_OK: return (.goesOn, count)
        case BZ_STREAM_END: return (.ended, count)
        default: return (.corrupt, count)
        }
    }

    var unreadCount: Int { Int(state.pointee.avail_in) }

    /// Bytes, as the C interface has them.
    private static func characters(_ bytes: UnsafeMutablePointer<UInt8>?) -> UnsafeMutablePointer<CChar>? {
        UnsafeMutableRawPointer(bytes)?.assumingMemoryBound(to: CChar.self)
    }
}
