internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A limit table that is kept in a file, and read again when the file has changed.
///
/// It does not watch the file: whoever wants changes to take effect calls ``reloadIfChanged()`` now and then, or on a
/// signal.
public final class LimitTableFile: Sendable {
    /// Where the file is.
    public let path: String
    private let countries: [String]
    private let state: Mutex<State>

    private struct State {
        var rules = LimitRules()
        var version: FileVersion?
        /// What is wrong with that version.
        var mistake: LimitTableError?
    }

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - countries: The codes of the countries that are sent to, such as `86`; each budget must be enough for one
    ///     message to each.
    /// - Throws: ``LimitTableError``, which names the line and the remedy.
    public init(path: String, countries: [String] = []) throws(LimitTableError) {
        self.path = path
        self.countries = countries
        state = Mutex(State())
        _ = try reloadIfChanged()
    }

    /// The table as it was last read without a mistake.
    public var rules: LimitRules { state.withLock { $0.rules } }

    /// Reads the file again if it is another one than before, or `always`.
    ///
    /// - Returns: What changed: each line that went with `- ` before it, each line that came with `+ `.
    /// - Throws: ``LimitTableError`` while the file has a mistake or cannot be read: the table that was read before stays
    ///   in force.
    public func reloadIfChanged(always: Bool = false) throws(LimitTableError) -> [String] {
        let (known, mistake) = state.withLock { ($0.version, $0.mistake) }
        guard let (version, contents) = try Self.contents(of: path, unless: always ? nil : known) else {
            if let mistake { throw mistake }
            return []
        }
        let rules: LimitRules
        do {
            rules = LimitRules(try table(of: contents))
        } catch {
            state.withLock { ($0.version, $0.mistake) = (version, error) }
            throw error
        }
        let old = state.withLock { state in
            let old = state.rules
            state = State(rules: rules, version: version)
            return old
        }
        let (before, after) = (old.table.lines, rules.table.lines)
        return before.filter { !after.contains($0) }.map { "- \($0)" }
            + after.filter { !before.contains($0) }.map { "+ \($0)" }
    }

    private func table(of contents: [UInt8]) throws(LimitTableError) -> LimitTable {
        guard let text = String(validating: contents, as: UTF8.self) else {
            throw LimitTableError(message: "\(path) is not UTF-8 text; save it as such")
        }
        do {
            let table = try LimitTable(text: text)
            try table.checkBudgets(for: countries)
            return table
        } catch {
            throw error.naming(path)
        }
    }

    /// The file's version and contents; nil when it is still the version that is known.
    private static func contents(
        of path: String, unless known: FileVersion? = nil
    ) throws(LimitTableError) -> (FileVersion, [UInt8])? {
        func failure() -> LimitTableError {
            LimitTableError(message: "cannot read \(path): \(String(cString: strerror(errno))); correct path or rights")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure() }
        let version = FileVersion(status)
        if version == known { return nil }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            if count == 0 { return (version, contents) }
            contents += buffer[..<count]
            guard contents.count <= 1 << 20 else { throw LimitTableError(message: "\(path) is larger than 1 MiB") }
        }
    }
}

/// By what a changed file is known: a new one was moved to its place, or it was written again.
private struct FileVersion: Equatable {
    let device: UInt64
    let file: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        file = UInt64(status.st_ino)
        size = Int(status.st_size)
        seconds = Int(status.st_mtim.tv_sec)
        nanoseconds = Int(status.st_mtim.tv_nsec)
    }
}
