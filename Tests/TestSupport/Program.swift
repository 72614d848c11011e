public import Foundation

/// A real program, started as a process of its own, whose output a test can watch.
///
/// It is killed, with the processes that it started, when the last reference to this object goes, and when the test
/// process ends in any way.
public final class Program: Sendable {
    /// The program's name or path, as it was given.
    public let executable: String
    /// The process number.
    public let pid: pid_t

    private struct State {
        var standardOutput = LineBuffer()
        var standardError = LineBuffer()
        var openPipes = 2
        var status: ExitStatus?
    }
    private let state: SharedState
    private final class SharedState: Sendable { let value = Locked(State()) }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: A path, a name in `PATH`, or the path that `Program.built` gives.
    ///   - environment: Added to the test's own environment, from which every `SMS_…` variable was taken away.
    ///   - folder: The working folder; the test's own when nil.
    public static func start(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil
    ) throws -> Program {
        try Program(executable, arguments, environment, folder)
    }

    private init(
        _ executable: String, _ arguments: [String], _ environment: [String: String], _ folder: String?
    ) throws {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SMS_") }
        let state = SharedState()
        let child = try Spawn.start(
            [executable] + arguments, environment: inherited.merging(environment) { $1 }, folder: folder,
            ended: { status in state.value.withLock { $0.status = status } })
        self.executable = executable
        self.pid = child.pid
        self.state = state
        Self.read(child.standardOutput, into: state, \.standardOutput)
        Self.read(child.standardError, into: state, \.standardError)
    }

    deinit { Spawn.reap(pid) }

    /// The path of a program of this package, which lies beside the running test executable.
    public static func built(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestError("there is no \(path): run swift build --build-tests")
        }
        return path
    }

    /// Runs a program to its end.
    public static func run(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil,
        timeout: Duration = .seconds(60)
    ) async throws -> Finished {
        let program = try start(executable, arguments, environment: environment, folder: folder)
        let status = try await program.waitForExit(timeout: timeout)
        return Finished(status: status, output: program.output, errorOutput: program.errorOutput)
    }

    /// How a program ended, and all that it wrote.
    public struct Finished: Sendable {
        /// Exit code or signal.
        public let status: ExitStatus
        /// Standard output.
        public let output: String
        /// Standard error.
        public let errorOutput: String
    }

    /// Standard output so far.
    public var output: String { state.value.withLock { $0.standardOutput.text } }
    /// Standard error so far.
    public var errorOutput: String { state.value.withLock { $0.standardError.text } }
    /// Complete lines of standard output so far.
    public var outputLines: [String] { state.value.withLock { $0.standardOutput.lines } }
    /// Complete lines of standard error so far.
    public var errorLines: [String] { state.value.withLock { $0.standardError.lines } }
    /// How the program ended; nil while it runs.
    public var exitStatus: ExitStatus? { state.value.withLock { $0.status } }
    /// Whether the program runs (or is paused).
    public var isRunning: Bool { exitStatus == nil }

    /// Sends a signal to the program; nothing happens when it has ended.
    public func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for a whole line of either output that contains `text`, and gives it.
    @discardableResult
    public func waitForLine(containing text: String, timeout: Duration = .seconds(30)) async throws -> String {
        var found: String?
        _ = try await poll(timeout: timeout) {
            let ended = state.value.withLock { $0.status != nil && $0.openPipes == 0 }
            found = (outputLines + errorLines).first { $0.contains(text) }
            return found != nil || ended
        }
        guard let found else { throw unexpected("wrote no line with \"\(text)\"") }
        return found
    }

    /// Waits until the program has ended; its output is then complete.
    @discardableResult
    public func waitForExit(timeout: Duration = .seconds(60)) async throws -> ExitStatus {
        _ = try await poll(timeout: timeout) { !isRunning }
        guard let status = exitStatus else { throw unexpected("did not end within \(timeout)") }
        // Grandchildren may hold the pipes open: they are not waited for any longer than this.
        _ = try await poll(timeout: .seconds(2)) { state.value.withLock { $0.openPipes == 0 } }
        return status
    }

    /// Waits on the calling thread until the program has ended.
    func blockUntilExit() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        state.value.withLock { if $0.status == nil { $0.status = Spawn.status(information) } }
    }

    private func unexpected(_ what: String) -> TestError {
        let status = exitStatus.map { "\($0)" } ?? "running"
        let name = URL(fileURLWithPath: executable).lastPathComponent
        return TestError("\(name) \(what); it is \(status); its output:\n\(output)\(errorOutput)")
    }

    private static func read(
        _ handle: FileHandle, into state: SharedState, _ buffer: any WritableKeyPath<State, LineBuffer> & Sendable
    ) {
        Thread.detachNewThread {
            while case let bytes = handle.availableData, !bytes.isEmpty {
                state.value.withLock { $0[keyPath: buffer].append(bytes) }
            }
            state.value.withLock { $0.openPipes -= 1 }
        }
    }
}

/// Bytes as they arrive, readable as lines of text.
private struct LineBuffer {
    private var bytes = Data()

    mutating func append(_ more: Data) { bytes.append(more) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
