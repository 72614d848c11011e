internal import Operations

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The terminal that a person sits at, if there is one. Questions and progress go to standard error: standard output is
/// for results.
enum Terminal {
    /// Somebody sees standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }
    /// Standard output is a terminal.
    static var showsOutput: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Somebody sees standard error and can answer.
    static var isAttended: Bool { isWatched && isatty(STDIN_FILENO) == 1 }

    /// Asks a question; true when the answer is `yes`.
    static func confirms(_ question: String) -> Bool {
        write("\(escapingControls(in: question)) Type yes: ")
        return readLine() == "yes"
    }

    static func write(_ text: String) {
        StandardError.write(Array(text.utf8))
    }
}

/// Tells on a terminal how far a long work is. Nothing where nobody watches, nor when it is done within a second.
struct ProgressLine {
    private let start = ContinuousClock.now
    private let isShown = Terminal.isWatched

    /// Does the work, and wipes the line away after it.
    static func whileShown<Result>(_ work: (ProgressLine) async throws -> Result) async rethrows -> Result {
        let line = ProgressLine()
        defer { line.write("") }
        return try await work(line)
    }

    func show(_ done: Int, of total: Int) {
        show("\(done) of \(total)")
    }

    func show(_ text: String) {
        write(text)
    }

    private func write(_ text: String) {
        guard isShown, start.duration(to: .now) > .seconds(1) else { return }
        Terminal.write("\r\(text)\u{1B}[K")
    }
}
