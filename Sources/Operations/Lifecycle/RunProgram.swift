#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs the body of a program, and ends the process with clear lines on standard error when it fails: exit code 78
/// (`EX_CONFIG`) for a ``ConfigurationError``, each of whose faults has a line, 1 for anything else. Returns when the body
/// does.
///
/// A peer that closes its connection must not end the process, so SIGPIPE is ignored.
///
/// - Parameters:
///   - name: the program's name, which begins the line.
///   - body: reads the settings and runs the services.
public func runProgram(name: String, _ body: () async throws -> Void) async {
    signal(SIGPIPE, SIG_IGN)
    let code = await exitCode(name: name, output: StandardError.write, body)
    if code != 0 {
        exit(code)
    }
}

func exitCode(name: String, output: LineLogHandler.Output, _ body: () async throws -> Void) async -> Int32 {
    do {
        try await body()
        return 0
    } catch let error as ConfigurationError {
        for fault in error.faults { output(Array("\(name): \(fault)\n".utf8)) }
        return ConfigurationError.exitCode
    } catch {
        output(Array("\(name): \(escapingControls(in: "\(error)"))\n".utf8))
        return 1
    }
}
