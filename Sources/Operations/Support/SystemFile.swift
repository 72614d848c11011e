#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why a file could not be read, in the system's words.
package struct FileFailure: Error, CustomStringConvertible {
    package let description: String

    static func lastError() -> FileFailure {
        FileFailure(description: String(cString: strerror(errno)))
    }
}

/// The whole contents of a file; also of those under /proc, whose size is not known before they are read.
package func contentsOfFile(_ path: String, limit: Int = 1 << 20) throws(FileFailure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .lastError() }
    defer { close(file) }
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(file, &buffer, buffer.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw .lastError()
        }
        if count == 0 { return contents }
        contents.append(contentsOf: buffer[..<count])
        guard contents.count <= limit else {
            throw FileFailure(description: "File larger than \(limit) bytes")
        }
    }
}

/// The same, and the error names the file.
package func contentsOfNamedFile(_ path: String) throws(FileFailure) -> [UInt8] {
    do throws(FileFailure) {
        return try contentsOfFile(path)
    } catch {
        throw FileFailure(description: "cannot read \(path): \(error); correct path or rights")
    }
}

/// The text of a file that holds one value; a line feed at its end is none of it.
package func textOfFile(_ path: String) throws(FileFailure) -> String {
    var text = String(decoding: try contentsOfFile(path), as: UTF8.self)
    if text.last?.isNewline == true { text.removeLast() }
    return text
}
