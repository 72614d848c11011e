import TestSupport

/// The tutorial's application, run by the real Celery from PyPI against one broker.
struct CeleryApplication {
    /// The broker that clients and workers of the application use.
    let broker: String
    /// The key of the broker's list on which `tutorial_app.py` notes what its worker ran.
    let sentList = "sent"

    private static let folder = "\(TestPython.packageFolder)/Tests/EndToEndTests/Celery"

    private var environment: [String: String] {
        ["SMS_BROKER_URL": broker, "SENT_LIST": sentList, "PYTHONDONTWRITEBYTECODE": "1"]
    }

    /// `ccp_send_sms_code.delay(mobile, code)`, or `apply_async` with the options of `send.py`; gives the task's id.
    func send(_ mobile: String, _ code: String, _ options: String...) async throws -> String {
        let finished = try await Program.run(
            TestPython.interpreter(), ["send.py", mobile, code] + options, environment: environment,
            folder: Self.folder)
        guard finished.status == .code(0), let id = finished.output.split(separator: "\n").last else {
            throw TestError("send.py ended with \(finished.status):\n\(finished.errorOutput)")
        }
        return String(id)
    }

    /// Starts a `celery worker` and waits until it is ready.
    func startWorker(name: String = "tutorial@localhost", _ options: String...) async throws -> Program {
        let worker = ["-m", "celery", "-A", "tutorial_app", "worker", "-l", "info", "--pool", "solo", "-n", name]
        let program = try Program.start(
            TestPython.interpreter(), worker + options, environment: environment, folder: Self.folder)
        try await program.waitForLine(containing: "\(name) ready.")
        return program
    }
}
