internal import Operations

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A file of entries of an audit log, one a line, to which one process at a time appends.
final class AuditArchiveFile: Sendable {
    private static let largest = 1 << 32

    /// What is in it already.
    let lines: [Substring]
    private let descriptor: Int32
    private let path: String

    /// The lines of a file that is only read.
    static func lines(of path: String) throws(ToolError) -> [Substring] {
        do throws(FileFailure) {
            return String(decoding: try contentsOfFile(path, limit: largest), as: UTF8.self).split(separator: "\n")
        } catch {
            throw ToolError("cannot read \(path): \(error)")
        }
    }

    /// Opens a file, or makes it. A last line that was cut off goes: what it tells is still in Redis.
    init(appendingTo path: String) throws {
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw Self.failure(path) }
        do {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure(path) }
            let bytes = try contentsOfFile(path, limit: Self.largest)
            let size = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            guard ftruncate(descriptor, size) == 0 else { throw Self.failure(path) }
            lines = String(decoding: bytes[..<size], as: UTF8.self).split(separator: "\n")
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Appends lines; they are on the disk when this returns.
    func append(_ lines: [String]) throws {
        var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure(path) }
            bytes = bytes.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
        // A file that is new is there after a crash only if its folder is written too.
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folderDescriptor >= 0 else { throw Self.failure(folder) }
        defer { close(folderDescriptor) }
        guard fsync(folderDescriptor) == 0 else { throw Self.failure(folder) }
    }

    private static func failure(_ path: String) -> ToolError {
        let reason = errno == EWOULDBLOCK ? "another process archives into it" : String(cString: strerror(errno))
        return ToolError("cannot write \(path): \(reason)")
    }
}
