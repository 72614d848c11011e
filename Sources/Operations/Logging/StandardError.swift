import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The process's standard error stream.
public enum StandardError {
    private static let output = LineOutput(descriptor: STDERR_FILENO)

    /// Writes a whole line, so that lines of several threads, and of several processes that share the stream, do not mix.
    /// A line that cannot be written is dropped: there is nowhere to complain. So is one that the stream does not take for
    /// a while, as when its reader has stopped; the next one that it takes stands behind a line that tells how many.
    @Sendable public static func write(_ line: [UInt8]) {
        write(line) { Array("\(LineOutput.loss($0))\n".utf8) }
    }

    /// - Parameter notice: the line that tells how many are lost.
    static func write(_ line: [UInt8], notice: (Int) -> [UInt8]) { output.write(line, notice: notice) }

    /// Whether systemd's journal reads the stream: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)).
    public static let isJournal = isJournal(
        stream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"], descriptor: STDERR_FILENO)

    static func isJournal(stream: String?, descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream, fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
