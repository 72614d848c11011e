import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The process's standard error stream.
public enum StandardError {
    /// Writes a whole line with one write(2), so that lines of several threads, and of several processes that share the
    /// stream, do not mix. A line that cannot be written is dropped: there is nowhere to complain.
    @Sendable public static func write(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Operations.write(descriptor: STDERR_FILENO, rest)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }

    /// Whether systemd's journal reads the stream: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)).
    public static let isJournal = isJournal(
        stream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"], descriptor: STDERR_FILENO)

    static func isJournal(stream: String?, descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream, fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}

private func write(descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    let bytes = UnsafeRawBufferPointer(rebasing: bytes)
    return write(descriptor, bytes.baseAddress, bytes.count)
}
