/// The compressions of a message's body, by the MIME types that Celery writes into `headers.compression`.
enum BodyCompression {
    /// The most bytes that a body may have when it is decompressed, 16 MiB: far more than the arguments of a task have,
    /// and little enough for the memory, whatever a stranger sends. A kilobyte can hold gigabytes.
    static let largestBody = 16 << 20

    /// Decompresses a body.
    ///
    /// - Throws: ``MessageRefusal`` when the type is not supported, when the bytes are not exactly one whole stream of
    ///   it, and when the body is larger than ``largestBody``.
    static func decompress(_ bytes: [UInt8], as mimeType: String) throws(MessageRefusal) -> [UInt8] {
        switch mimeType {
        case "application/x-gzip": try contents(of: bytes, as: ZlibStream.self)
        case "application/x-bz2": try contents(of: bytes, as: Bzip2Stream.self)
        default:
            throw MessageRefusal(
                .compression,
                "the body's compression, \(mimeType), is not supported; application/x-gzip and application/x-bz2 are")
        }
    }

    private static func contents<Stream: CompressedStream & ~Copyable>(
        of bytes: [UInt8], as: Stream.Type
    ) throws(MessageRefusal) -> [UInt8] {
        try bytes.withUnsafeBufferPointer { input throws(MessageRefusal) in
            guard let stream = Stream(input) else {
                throw MessageRefusal(.compression, "there is no memory to decompress the body")
            }
            var body: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                let (status, count) = chunk.withUnsafeMutableBufferPointer { stream.read(into: $0) }
                guard body.count + count <= largestBody else {
                    throw MessageRefusal(.compression, "the body has more than \(largestBody) bytes when decompressed")
                }
                body += chunk.prefix(count)
                switch status {
                // A decompressor stops before its output is full only when it has no input left.
                case .goesOn where count == chunk.count: continue
                case .ended where stream.unreadCount == 0: return body
                case .ended: throw MessageRefusal(.compression, "there is more behind the compressed body")
                case .goesOn, .corrupt:
                    throw MessageRefusal(.compression, "the compressed body is cut off or damaged")
                }
            }
        }
    }
}
