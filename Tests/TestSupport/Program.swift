import Foundation
import Synchronization

/// A program that runs while a test does: one of this package, or a tool of the system. It is killed with the test.
public final class Program: Sendable {
    /// The program's name, for messages.
    public let name: String
    /// Its process number.
    public let pid: Int32
    private let process: HeldProcess
    private let state: SharedState

    /// Starts a program. Its output and errors are collected line by line.
    ///
    /// - Parameters:
    ///   - path: The executable.
    ///   - arguments: Its arguments.
    ///   - environment: Set on top of this process' environment, of which nothing that begins with `SMS_` is passed on.
    public init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        name = URL(filePath: path).lastPathComponent
        let process = Process()
        // setpriv lets the program die with this process, however it ends.
        process.executableURL = URL(
            filePath: try TestEnvironment.systemProgram("setpriv", package: "util-linux"))
        process.arguments = ["--pdeathsig", "KILL", path] + arguments
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SMS_") }
        inherited.merge(environment) { $1 }
        process.environment = inherited
        process.standardInput = FileHandle.nullDevice
        let state = SharedState()
        for (index, pipe) in [Pipe(), Pipe()].enumerated() {
            if index == 0 { process.standardOutput = pipe } else { process.standardError = pipe }
            let buffer = LineBuffer()
            pipe.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty { handle.readabilityHandler = nil }
                state.append(buffer.lines(after: data))
            }
        }
        process.terminationHandler = { state.end($0.terminationStatus, $0.terminationReason) }
        try Self.withNoSignalBlocked { try process.run() }
        pid = process.processIdentifier
        self.process = HeldProcess(process)
        self.state = state
    }

    /// A program inherits the signals that its parent's thread blocks, and Swift's pool threads block all.
    private static func withNoSignalBlocked(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    deinit {
        if status == nil { kill(pid, SIGKILL) }
    }

    /// All lines so far, of output and errors.
    public var lines: [String] { state.lines }

    /// The exit status, or minus the signal's number; nil while it runs.
    public var status: Int32? { state.status }

    /// Sends a signal.
    public func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Waits for a line that contains this, and returns it.
    public func waitForLine(containing text: String, timeout: Duration = .seconds(20)) async throws -> String {
        let deadline = ContinuousClock.now + timeout
        while ContinuousClock.now < deadline {
            if let line = lines.first(where: { $0.contains(text) }) { return line }
            if status != nil, !lines.contains(where: { $0.contains(text) }) { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw MissingPart("\(name) did not print “\(text)”; it printed:\n\(lines.suffix(30).joined(separator: "\n"))")
    }

    /// Waits for its end and returns the exit status, or minus the signal's number.
    public func waitForExit(timeout: Duration = .seconds(40)) async throws -> Int32 {
        let deadline = ContinuousClock.now + timeout
        while ContinuousClock.now < deadline {
            if let status { return status }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw MissingPart("\(name) still runs; it printed:\n\(lines.suffix(30).joined(separator: "\n"))")
    }

    /// Runs a program to its end and returns what it printed. A status other than 0 is an error with that text.
    public static func output(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) async throws -> String {
        let program = try Program(path, arguments, environment: environment)
        let status = try await program.waitForExit(timeout: .seconds(120))
        let text = program.lines.joined(separator: "\n")
        guard status == 0 else { throw MissingPart("\(program.name) ended with \(status):\n\(text)") }
        return text
    }
}

private final class SharedState: Sendable {
    private let state = Mutex<(lines: [String], status: Int32?)>(([], nil))

    var lines: [String] { state.withLock { $0.lines } }
    var status: Int32? { state.withLock { $0.status } }

    func append(_ lines: [String]) {
        state.withLock { $0.lines += lines }
    }

    func end(_ status: Int32, _ reason: Process.TerminationReason) {
        state.withLock { $0.status = reason == .exit ? status : -status }
    }
}

/// Cuts a stream of bytes into lines.
private final class LineBuffer: Sendable {
    private let rest = Mutex<[UInt8]>([])

    func lines(after data: Data) -> [String] {
        rest.withLock { rest in
            rest += data
            if data.isEmpty, !rest.isEmpty { rest.append(UInt8(ascii: "\n")) }
            var lines: [String] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeSubrange(...end)
            }
            return lines
        }
    }
}

/// Keeps the process object alive.
private final class HeldProcess: @unchecked Sendable {
    // Sound: the object is only held, never used after it was started.
    private let process: Process

    init(_ process: Process) {
        self.process = process
    }
}
