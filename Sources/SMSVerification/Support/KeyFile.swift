#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A small file that holds a key.
struct KeyFile {
    /// More than any key needs.
    private static let sizeLimit = 65_536

    let path: String

    var exists: Bool { access(path, F_OK) == 0 }

    /// The whole contents. The remedy is for whoever has no such file yet.
    func contents(remedy: String) throws(KeyFileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw systemError("cannot be read", remedy) }
        defer { close(file) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while contents.count <= Self.sizeLimit {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError("cannot be read", remedy) }
            if count == 0 { return contents }
            contents.append(contentsOf: buffer[..<count])
        }
        throw KeyFileError(file: path, reason: "is larger than a key", remedy: remedy)
    }

    /// Makes the file, readable by its owner alone, with these contents; false, and nothing changes, when it exists.
    ///
    /// It appears whole: of several processes at the same moment one makes it, and all read the same.
    func create(_ contents: [UInt8]) throws(KeyFileError) -> Bool {
        let remedy = "let this user write into its folder, or put a key there"
        // The process number alone repeats itself in containers.
        let draft = "\(path).\(getpid())-\(UInt64.random(in: .min ... .max))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw systemError("cannot be made", remedy) }
        defer { unlink(draft) }
        let isWritten = write(file, contents, contents.count) == contents.count && fsync(file) == 0
        let failure = isWritten ? nil : systemError("cannot be written", remedy)
        close(file)
        if let failure { throw failure }
        if link(draft, path) == 0 { return true }
        guard errno == EEXIST else { throw systemError("cannot be made", remedy) }
        return false
    }

    private func systemError(_ what: String, _ remedy: String) -> KeyFileError {
        KeyFileError(file: path, reason: "\(what): \(String(cString: strerror(errno)))", remedy: remedy)
    }
}
