internal import Operations
internal import Synchronization

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
final class ProgressLine: Sendable {
    private static let delay = Duration.seconds(1)
    private let start = ContinuousClock.now
    private let isShown = Terminal.isWatched
    private let latest: Mutex<String>

    private init(_ text: String) { latest = Mutex(text) }

    /// Does the work, and wipes the line away after it.
    ///
    /// - Parameter text: What is told after a second, also while the work does not say how far it is.
    static func whileShown<Result>(
        _ text: String = "working", _ work: (ProgressLine) async throws -> Result
    ) async rethrows -> Result {
        let line = ProgressLine(text)
        guard line.isShown else { return try await work(line) }
        let waiting = Task {
            try await Task.sleep(for: delay)
            line.write(line.latest.withLock { $0 })
        }
        defer { line.wipe() }
        do {
            let result = try await work(line)
            waiting.cancel()
            _ = await waiting.result
            return result
        } catch {
            waiting.cancel()
            _ = await waiting.result
            throw error
        }
    }

    func show(_ done: Int, of total: Int) {
        show("\(done) of \(total)")
    }

    func show(_ text: String) {
        latest.withLock { $0 = text }
        write(text)
    }

    private func wipe() { write("") }

    private func write(_ text: String) {
        guard isShown, start.duration(to: .now) >= Self.delay else { return }
        Terminal.write("\r\(escapingControls(in: text))\u{1B}[K")
    }
}
