import Foundation
import TestSupport
import Testing

/// `Scripts/run`, with the programs that are built already, on free ports and a data folder of its own.
@Suite(.timeLimit(.minutes(5))) struct RunScriptTests {
    @Test func everythingStartsAndOneInterruptStopsItAll() async throws {
        let script = try RunScript()
        let system = try await script.startAndWait()
        let processes = try await script.processes(of: system)
        #expect(processes.values.sorted() == ["redis-server", "sms-api", "sms-sandbox", "sms-worker"])
        let page = try await Program.run("curl", ["-sS", "http://127.0.0.1:\(script.port("SMS_API_PORT"))/"])
        #expect(page.output.contains("http://127.0.0.1:\(script.port("SMS_SANDBOX_PORT"))/"))

        // As Ctrl-C does: to the whole process group of the terminal.
        kill(-system.pid, SIGINT)
        #expect(try await system.waitForExit() == .code(0))
        #expect(script.remaining(processes) == [])
        let ends = system.outputLines.filter { $0.contains("warm shutdown") || $0.contains("User requested shutdown") }
        #expect(ends.compactMap { $0.split(separator: " ").first } == ["api", "worker", "sandbox", "redis"])
        #expect(FileManager.default.fileExists(atPath: "\(script.data)/redis/appendonlydir"))
    }

    /// What README offers to paste, as it stands, but for the ports and the wait for the report.
    @Test func whatIsShownWithCurlWorks() async throws {
        let script = try RunScript()
        let system = try await script.startAndWait()
        let readme = try String(contentsOfFile: "\(TestPython.packageFolder)/README.md", encoding: .utf8)
        let section = readme[try #require(readme.firstRange(of: "### The same with curl\n")).upperBound...]
        let blocks = section.split(separator: "```").filter { $0.hasPrefix("sh\n") }.prefix(2).map { $0.dropFirst(3) }
        let asked = #"post verifications/delivery '{"id": "'$VERIFICATION'", "client_token": "'$CLIENT'"}'"#
        let lines = blocks.joined()
            .replacing("http://127.0.0.1:8080", with: "http://127.0.0.1:\(script.port("SMS_API_PORT"))")
            .replacing("http://127.0.0.1:8090", with: "http://127.0.0.1:\(script.port("SMS_SANDBOX_PORT"))")
            .replacing("sleep 1\n", with: "until curl -s $INBOX/messages | grep -q 13800138000; do sleep 0.1; done\n")
            .replacing("sleep 2\n", with: "until \(asked) | grep -q delivered; do sleep 0.1; done\n")
        #expect(lines.contains("until post") && lines.contains("until curl"))
        let finished = try await Program.run(
            "bash", ["-euo", "pipefail", "-c", lines],
            environment: [
                "REDIS_PORT": "\(script.port("SMS_REDIS_PORT"))", "PATH": "/usr/local/bin:/usr/bin:/bin",
            ], folder: script.data)
        #expect(finished.status == .code(0), "\(finished.errorOutput)")
        for part in [#""code":0"#, "13800138000", #"{"state":"delivered"}"#, #""verified":true"#] {
            #expect(finished.output.contains(part), "\(finished.output)")
        }
        system.signal(SIGTERM)
        #expect(try await system.waitForExit() == .code(0))
    }

    @Test func aSecondStartNamesThePortsAndWhoHasThem() async throws {
        let script = try RunScript()
        let system = try await script.startAndWait()
        let second = try script.start()
        #expect(try await second.waitForExit() == .code(1))
        for (variable, name) in [("SMS_API_PORT", "sms-api"), ("SMS_WORKER_OPERATIONS_PORT", "sms-worker")] {
            let port = script.port(variable)
            let line = try #require(second.errorLines.first { $0.hasPrefix("Port \(port),") })
            #expect(line.contains("taken by \(name) (process "))
            #expect(line.contains("\(variable)=<port>"))
        }
        #expect(system.isRunning)

        // Other ports, same folder: two Redis servers would spoil each other's files.
        let third = try RunScript(data: script.data).start()
        #expect(try await third.waitForExit() == .code(1))
        #expect(third.errorOutput.contains("is in use by process \(system.pid)"))
    }

    @Test func whenOneDiesItSaysWhichAndStopsTheRest() async throws {
        let script = try RunScript()
        let system = try await script.startAndWait()
        let processes = try await script.processes(of: system)
        let worker = try #require(processes.first { $0.value == "sms-worker" }?.key)
        kill(worker, SIGKILL)
        #expect(try await system.waitForExit() == .code(1))
        #expect(system.errorOutput.contains("worker was ended by signal KILL. Its last lines:"))
        #expect(system.errorOutput.contains("ready."))
        #expect(script.remaining(processes) == [])
    }

    @Test func aWrongSettingIsShownAndNothingIsLeft() async throws {
        let system = try RunScript().start(environment: ["SMS_CONCURRENCY": "many"])
        #expect(try await system.waitForExit() == .code(1))
        #expect(system.errorOutput.contains("worker ended, with exit code 78. Its last lines:"))
        #expect(system.errorOutput.contains("SMS_CONCURRENCY"))
    }

    @Test func nothingOutlivesAKilledScript() async throws {
        let script = try RunScript()
        let system = try await script.startAndWait()
        let processes = try await script.processes(of: system)
        system.signal(SIGKILL)
        try await eventually("all processes are gone", timeout: .seconds(60)) { script.remaining(processes) == [] }
    }

    @Test func aRealAccountNeedsNoSandboxAndTwoURLsNoRedis() async throws {
        let redis = try await RedisServer.start()
        let script = try RunScript()
        let system = try await script.startAndWait(environment: [
            "SMS_BROKER_URL": redis.url(database: 3), "SMS_STORE_URL": redis.url(database: 2),
            "SMS_YUNTONGXUN_BASE_URL": "http://127.0.0.1:9", "SMS_YUNTONGXUN_ACCOUNT_SID": "a1",
            "SMS_YUNTONGXUN_AUTH_TOKEN": "secret-token", "SMS_YUNTONGXUN_APP_ID": "b2",
        ])
        #expect(try await script.processes(of: system).values.sorted() == ["sms-api", "sms-worker"])
        #expect(system.output.contains("messages are really sent"))
        #expect(!system.output.contains("secret-token"))
        system.signal(SIGTERM)
        #expect(try await system.waitForExit() == .code(0))
        #expect(redis.isRunning)
    }

    @Test func withoutSwiftItSaysWhereToGetIt() async throws {
        // A PATH with everything but Swift.
        let script = try RunScript()
        let folder = "\(script.data)/bin"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let linked = "for f in /usr/bin/* /bin/*; do [ -e $0/${f##*/} ] || ln -s $f $0/; done; rm -f $0/swift"
        #expect(try await Program.run("bash", ["-c", linked, folder]).status == .code(0))
        let run = try script.start(environment: ["SMS_BIN_DIR": "", "PATH": folder])
        #expect(try await run.waitForExit() == .code(1))
        #expect(run.errorOutput.contains("https://www.swift.org/install/linux/"))
    }
}

/// How a test runs the script.
private final class RunScript {
    let data: String
    private let ports: [String: Int]
    private let ownsData: Bool

    init(data: String? = nil) throws {
        self.data = data ?? "/tmp/sms-run-\(UUID().uuidString.prefix(8))"
        ownsData = data == nil
        let variables = [
            "SMS_API_PORT", "SMS_API_OPERATIONS_PORT", "SMS_WORKER_OPERATIONS_PORT", "SMS_SANDBOX_PORT",
            "SMS_REDIS_PORT",
        ]
        ports = Dictionary(uniqueKeysWithValues: try variables.map { ($0, try freePort()) })
    }

    deinit {
        if ownsData { try? FileManager.default.removeItem(atPath: data) }
    }

    func port(_ variable: String) -> Int { ports[variable] ?? 0 }

    func start(environment: [String: String] = [:]) throws -> Program {
        var variables = ports.mapValues { "\($0)" }
        variables["SMS_DATA"] = data
        variables["SMS_BIN_DIR"] = URL(fileURLWithPath: try Program.built("sms-api")).deletingLastPathComponent().path
        for name in ["sms-worker", "sms-sandbox", "sms-queue"] { _ = try Program.built(name) }
        return try Program.start(
            "\(TestPython.packageFolder)/Scripts/run", environment: variables.merging(environment) { $1 })
    }

    func startAndWait(environment: [String: String] = [:]) async throws -> Program {
        let program = try start(environment: environment)
        try await program.waitForLine(containing: "Ctrl-C stops everything.", timeout: .seconds(60))
        return program
    }

    /// Number and name of the programs that the script started.
    func processes(of script: Program) async throws -> [pid_t: String] {
        let list = try await Program.run(tool("pgrep", package: "procps"), ["-l", "-P", "\(script.pid)"])
        var processes: [pid_t: String] = [:]
        for line in list.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let pid = pid_t(words[0]), words[1] != "run", words[1] != "bash" else { continue }
            processes[pid] = String(words[1])
        }
        return processes
    }

    /// Those of `processes` that still run.
    func remaining(_ processes: [pid_t: String]) -> [String] {
        processes.filter { process in
            let state = try? String(contentsOfFile: "/proc/\(process.key)/stat", encoding: .utf8)
            return state.map { $0.contains("(\(process.value))") && !$0.contains(") Z ") } ?? false
        }.values.sorted()
    }
}
