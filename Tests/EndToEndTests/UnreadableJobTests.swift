import Foundation
import TestSupport
import Testing

/// Messages that cannot be run go to the dead letters as they are, and the worker goes on.
@Suite(.timeLimit(.minutes(5))) struct UnreadableJobTests {
    /// What is put on the list, and what its dead letter must tell: the reason, and the task where one is named.
    private static let jobs: [(text: String, reason: String, task: String?)] = [
        (#"not JSON: 13800138000 123456 "{\é"#, "malformed", nil),
        (#"{"body":"[[\"13800138000\",\"123456\"],{}"#, "malformed", nil),
        (#"{"body":"[[\"13800138000\",\"123456\"],{},{}]","content-type":"application/json"}"#, "malformed", nil),
        (job(body: #"[\"13800138000\"]"#), "malformed", "ccp_send_sms_code"),
        (job(task: "send_pigeon"), "unknown-task", "send_pigeon"),
        (job(contentType: "application/x-python-serialize"), "content-type", "ccp_send_sms_code"),
        (job(body: #"[[\"13800138000\"],{},{}]"#), "arguments", "ccp_send_sms_code"),
    ]

    private static func job(
        task: String = "ccp_send_sms_code", contentType: String = "application/json",
        body: String = #"[[\"13800138000\",\"123456\"],{},{}]"#
    ) -> String {
        """
        {"body":"\(body)","content-encoding":"utf-8","content-type":"\(contentType)",\
        "headers":{"lang":"py","task":"\(task)","id":"4c1e3b0e-0000-4000-8000-123456123456","retries":0},\
        "properties":{"delivery_info":{"exchange":"","routing_key":"celery"},"priority":0}}
        """
    }

    @Test func theyBecomeDeadLettersAndTheWorkerGoesOn() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        for job in Self.jobs { _ = try await system.broker("LPUSH", "celery", job.text) }
        try await eventually("all are dead letters") {
            try await system.broker("ZCARD", "{celery}:dead") == "\(Self.jobs.count)"
        }
        // By their raw bytes, which must be what was put on the list.
        var letters: [String: String] = [:]
        let ids = try await system.broker("ZRANGE", "{celery}:dead", "0", "-1")
        for id in ids.split(separator: "\n").map(String.init) {
            let raw = try await system.broker("HGET", "{celery}:dead:messages", id)
            letters[raw] = try await system.broker("HGET", "{celery}:dead:details", id)
        }
        for job in Self.jobs {
            let details = try #require(letters[job.text], "no dead letter holds \(job.text)")
            let report = try JSONSerialization.jsonObject(with: Data(details.utf8)) as? [String: Any]
            #expect(report?["reason"] as? String == job.reason)
            #expect(report?["task"] as? String == job.task)
            #expect(!details.contains("13800138000"))
        }

        let id = try await system.celery.send("13912345678", "654321")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(id)] succeeded in ")
        #expect(try await system.messages().map(\.mobile) == ["13912345678"])
        try await eventually("nothing is left") { try await system.broker("KEYS", "{celery}:claimed:*").isEmpty }
        withExtendedLifetime(sandbox) {}
    }
}
