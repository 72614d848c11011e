import Foundation

/// Starts a process that dies with this one, in a process group of its own.
///
/// The kernel's "tell me when my parent dies" is about the parent's *thread*. So the thread that starts the process
/// is made for it, and stays until the process has ended; then it calls `ended` with the status.
/// The process stays a zombie until `reap` is called, so that its number cannot pass to another process meanwhile.
enum Spawn {
    /// What `start` gives: the process and the reading ends of its two output pipes.
    struct Child: Sendable {
        let pid: pid_t
        let standardOutput: FileHandle
        let standardError: FileHandle
    }

    static func start(
        _ command: [String], environment: [String: String], folder: String?,
        ended: @escaping @Sendable (ExitStatus) -> Void
    ) throws -> Child {
        var prefix = ["setpriv", "--pdeathsig", "KILL", "--"]
        if let folder { prefix += ["env", "--chdir", folder] }
        return try oneAtATime.withLock { try start(prefix + command, environment, ended) }
    }

    /// A child must not inherit the pipe of another one that is just being started.
    private static let oneAtATime = NSLock()

    private static func start(
        _ command: [String], _ environment: [String: String], _ ended: @escaping @Sendable (ExitStatus) -> Void
    ) throws -> Child {
        let output = Pipe()
        let errorOutput = Pipe()
        let outcome = Handover()
        let descriptors = [output.fileHandleForWriting.fileDescriptor, errorOutput.fileHandleForWriting.fileDescriptor]
        Thread.detachNewThread {
            let result = spawn(command, environment, descriptors)
            outcome.put(result)
            if case .success(let pid) = result { ended(waitForEnd(of: pid)) }
        }
        let pid = try outcome.take().get()
        try output.fileHandleForWriting.close()
        try errorOutput.fileHandleForWriting.close()
        return Child(
            pid: pid, standardOutput: output.fileHandleForReading, standardError: errorOutput.fileHandleForReading)
    }

    /// Kills what is left of the process's group and gives its number back to the system.
    static func reap(_ pid: pid_t) {
        kill(-pid, SIGKILL)
        kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    }

    private static func spawn(
        _ command: [String], _ environment: [String: String], _ outputs: [Int32]
    ) -> Result<pid_t, TestError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputs[0], 1)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 2)
        for descriptor in openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        var allSignals = sigset_t()
        sigfillset(&allSignals)
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var pid: pid_t = 0
        let failure = withCStrings(command) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                posix_spawnp(&pid, command[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else {
            let reason = String(cString: strerror(failure))
            return .failure(TestError("cannot start \(command.joined(separator: " ")): \(reason)"))
        }
        return .success(pid)
    }

    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap(Int32.init)
    }

    private static func waitForEnd(of pid: pid_t) -> ExitStatus {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return status(information)
    }

    static func status(_ information: siginfo_t) -> ExitStatus {
        let value = information._sifields._sigchld.si_status
        return information.si_code == CLD_EXITED ? .code(value) : .signal(value)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return body(&pointers)
    }
}

/// How a process ended.
public enum ExitStatus: Sendable, Equatable {
    /// It exited with this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
}

/// One value, passed from one thread to another that waits for it.
private final class Handover: Sendable {
    private let condition = NSCondition()
    private nonisolated(unsafe) var result: Result<pid_t, TestError>?  // read and written only under `condition`

    func put(_ value: Result<pid_t, TestError>) {
        condition.withLock { result = value }
        condition.signal()
    }

    func take() -> Result<pid_t, TestError> {
        condition.withLock {
            while true {
                if let result { return result }
                condition.wait()
            }
        }
    }
}
