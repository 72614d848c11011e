import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// How many bytes the readers were fed.
private let byteCount = Atomic<Int>(0)

/// What libFuzzer calls first. It counts executions itself, but no bytes.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ argumentCount: UnsafeMutablePointer<CInt>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
    atexit { print("stat::bytes_fed:                \(byteCount.load(ordering: .relaxed))") }
    return 0
}

/// What libFuzzer calls with every input: the bytes must not crash the reader, and must mean the same however they are
/// cut. `Scripts/fuzz` builds and runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = FuzzInput(UnsafeBufferPointer(start: start, count: count))
    let whole = ReadOutcome(of: [input.stream])
    precondition(whole == ReadOutcome(of: input.pieces), "the outcome depends on how the bytes are cut")
    precondition(whole == ReadOutcome(of: input.stream.map { [$0] }), "the outcome depends on single bytes")
    byteCount.add(3 * input.stream.count, ordering: .relaxed)
    return 0
}

/// An input of the fuzzer: a byte that counts lengths, so many lengths of pieces, and the stream that is cut so.
private struct FuzzInput {
    let stream: [UInt8]
    let pieces: [[UInt8]]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let lengthCount = Int(bytes.first ?? 0) % 16
        let lengths = bytes.dropFirst().prefix(lengthCount)
        stream = Array(bytes.dropFirst(1 + lengthCount))
        var pieces: [[UInt8]] = []
        var rest = stream[...]
        for length in lengths {
            pieces.append(Array(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
        }
        pieces.append(Array(rest))
        self.pieces = pieces
    }
}
