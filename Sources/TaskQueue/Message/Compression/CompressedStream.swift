/// A compressed stream in memory, decompressed piece by piece by a C library.
protocol CompressedStream: ~Copyable {
    /// Begins to read bytes, which must stay where they are for as long as the stream lives. Nil without memory.
    init?(_ input: UnsafeBufferPointer<UInt8>)

    /// Writes the next bytes, as many as the output has room for and the input gives; says how many.
    func read(into output: UnsafeMutableBufferPointer<UInt8>) -> (status: CompressedStreamStatus, count: Int)

    /// How many bytes of the input are left.
    var unreadCount: Int { get }
}

/// What is known of a compressed stream after a read.
enum CompressedStreamStatus {
    /// The end has not come yet.
    case goesOn
    /// The end has come, and the checksums are right.
    case ended
    /// This is no such stream.
    case corrupt
}
