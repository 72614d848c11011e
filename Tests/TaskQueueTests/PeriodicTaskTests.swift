import Testing

@testable import TaskQueue

@Suite struct PeriodicTaskTests {
    private struct Report: TaskArguments {
        var kind: String
        var copies: Int
        static let parameterNames = ["kind", "copies"]
    }

    private func body(_ task: PeriodicTask, dueAt time: WireTime = .now) throws -> TaskMessage {
        try TaskMessage(task.message(dueAt: time, queue: "celery", origin: "test"))
    }

    // MARK: - Messages

    @Test func aMessageHasTheArgumentsAndExpiresAfterItsDueTime() throws {
        let definition = TaskDefinition<Report, Int>("send_report", options: TaskOptions(expires: .seconds(60)))
        let task = try PeriodicTask(
            "r", .every(.seconds(30)), definition, Report(kind: "daily", copies: 2), priority: 6)
        let due = try #require(WireTime("2026-11-23T05:56:30"))
        let message = try body(task, dueAt: due)
        #expect(message.task == "send_report")
        #expect(try ArgumentCoding.decode(Report.self, from: message).copies == 2)
        #expect(message.expires == due.adding(.seconds(60)))
        #expect(message.eta == nil)
        #expect(message.priority == .low)
        #expect(try body(task).id != message.id)
    }

    @Test func aMessageHasTheLimitsOfItsTask() throws {
        var definition = TaskDefinition<Report, Int>("send_report")
        definition.options.timeLimits = TimeLimits(soft: .seconds(20), hard: .seconds(30))
        definition.options.ignoresResult = true
        let report = Report(kind: "daily", copies: 2)
        let message = try body(try PeriodicTask("r", .every(.seconds(30)), definition, report))
        #expect(message.timeLimits == TimeLimits(soft: .seconds(20), hard: .seconds(30)))
        #expect(message.ignoresResult == true)
    }

    // MARK: - Missed runs

    /// Minutes of an hour that runs are sent for at `now`, and up to which it is dealt with, of a task due every ten.
    private func runs(
        _ policy: MissedRuns, grace: Duration, after last: String, upTo now: String
    ) throws -> (sent: [String], last: String)? {
        var task = try PeriodicTask("t", .every(.seconds(600)), TaskDefinition<NoArguments, Int>("t"), NoArguments())
        task.missedRuns = policy
        task.grace = grace
        func minute(_ time: WireTime) -> String { String(time.text.dropFirst(11).prefix(5)) }
        let runs = task.dueRuns(
            after: try #require(WireTime("2026-11-23T\(last)")), upTo: try #require(WireTime("2026-11-23T\(now)")))
        return runs.map { ($0.sent.map(minute), minute($0.last)) }
    }

    @Test(arguments: [
        // On time, late within the grace, and once too late.
        (MissedRuns.skip, "05:00", "05:10", ["05:10"], "05:10"), (.skip, "05:00", "05:11", ["05:10"], "05:10"),
        (.skip, "05:00", "05:11:00.001", [], "05:10"), (.runOnce, "05:00", "05:12", ["05:10"], "05:10"),
        (.runAll(atMost: 5), "05:00", "05:12", ["05:10"], "05:10"),
        // Several missed, the last one on time.
        (.skip, "05:00", "05:40:30", ["05:40"], "05:40"), (.runOnce, "05:00", "05:40:30", ["05:40"], "05:40"),
        (.runAll(atMost: 2), "05:00", "05:40:30", ["05:20", "05:30", "05:40"], "05:40"),
        (.runAll(atMost: 9), "05:00", "05:40:30", ["05:10", "05:20", "05:30", "05:40"], "05:40"),
        (.runAll(atMost: 0), "05:00", "05:40:30", ["05:40"], "05:40"),
        // Several missed, none on time.
        (.skip, "05:00", "05:45", [], "05:40"), (.runOnce, "05:00", "05:45", ["05:40"], "05:40"),
        (.runAll(atMost: 2), "05:00", "05:45", ["05:30", "05:40"], "05:40"),
        // Not seen at a due time but between two of them.
        (.runAll(atMost: 9), "05:03", "05:25", ["05:10", "05:20"], "05:20"),
    ])
    func missedRunsAreDealtWithAsThePolicySays(
        _ policy: MissedRuns, _ last: String, _ now: String, _ sent: [String], _ newLast: String
    ) throws {
        let runs = try #require(try runs(policy, grace: .seconds(60), after: last, upTo: now))
        #expect(runs.sent == sent)
        #expect(runs.last == newLast)
    }

    @Test func aLongGraceLetsSeveralRunsBeOnTime() throws {
        let runs = try #require(try runs(.skip, grace: .seconds(1200), after: "05:00", upTo: "05:40"))
        #expect(runs.sent == ["05:20", "05:30", "05:40"])
    }

    @Test func nothingIsDueTwice() throws {
        for policy in [MissedRuns.skip, .runOnce, .runAll(atMost: 5)] {
            #expect(try runs(policy, grace: .seconds(60), after: "05:10", upTo: "05:10:30") == nil)
            #expect(try runs(policy, grace: .seconds(60), after: "05:20", upTo: "05:10:30") == nil)
        }
    }

    // MARK: - Configuration

    @Test func aListIsReadFromJSON() throws {
        let tasks = try PeriodicTask.list(
            fromJSON: Array(
                """
                [
                  {"name": "nightly-report", "schedule": "30 3 * * *", "utc_offset": "+08:00", "task": "send_report",
                   "args": ["daily"], "kwargs": {"copies": 2}, "queue": "reports", "priority": 6, "expires": "1h",
                   "missed": "run_all", "missed_at_most": 3, "grace": "1m"},
                  {"name": "heartbeat", "schedule": "every 30s", "task": "beat"}
                ]
                """.utf8))
        #expect(tasks.map(\.name) == ["nightly-report", "heartbeat"])
        #expect(tasks[0].schedule == (try PeriodicSchedule("30 3 * * *", utcOffset: .seconds(8 * 3600))))
        #expect(tasks[0].queue == "reports" && tasks[0].priority == 6 && tasks[0].expires == .seconds(3600))
        #expect(tasks[0].missedRuns == .runAll(atMost: 3) && tasks[0].grace == .seconds(60))
        #expect(try ArgumentCoding.decode(Report.self, from: body(tasks[0])).kind == "daily")
        #expect(try ArgumentCoding.decode(Report.self, from: body(tasks[0])).copies == 2)
        #expect(tasks[1].missedRuns == .skip && tasks[1].grace == PeriodicTask.defaultGrace && tasks[1].queue == nil)
        #expect(tasks[1].expires == nil && tasks[1].priority == 0)
    }

    @Test(arguments: [
        ("{}", "periodic tasks: expected a JSON array of objects"),
        ("[1,]", "periodic tasks: this is not JSON: not a JSON value at byte 3"),
        ("[7]", "periodic task 1: expected an object"),
        (#"[{"schedule": "@daily", "task": "t"}]"#, "periodic task 1: name: is missing"),
        (#"[{"name": "a", "task": "t"}]"#, "periodic task 1 (a): schedule: is missing"),
        (#"[{"name": "a", "schedule": "@daily", "task": 5}]"#, "1 (a): task: expected a text that is not empty"),
        (#"[{"name": "a", "schedule": "0 25 * * *", "task": "t"}]"#, "1 (a): schedule: the hour is \"25\": expected"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "argz": []}]"#, "1 (a): argz: no such key; there are"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "args": {}}]"#, "1 (a): args: expected an array"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "kwargs": []}]"#, "1 (a): kwargs: expected an object"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "priority": 10}]"#, "priority: expected a whole number"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "expires": 60}]"#, "expires: expected a text of a whole"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "grace": "1 minute"}]"#, "grace: expected a text of a"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "utc_offset": "CST"}]"#, "utc_offset: expected a text"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "missed": "all"}]"#, "missed: expected \"skip\", "),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "missed": "run_all"}]"#, "missed_at_most: is missing"),
        (#"[{"name": "a", "schedule": "@daily", "task": "t", "missed_at_most": 3}]"#, "missed_at_most: goes with"),
        (
            #"[{"name": "a", "schedule": "@daily", "task": "t"}, {"name": "a", "schedule": "@daily", "task": "t"}]"#,
            "periodic task 2 (a): name: entry 1 has the same name"
        ),
    ])
    func errorsNameTheEntryAndTheKey(_ text: String, _ part: String) {
        let error = #expect(throws: PeriodicTaskError.self) { try PeriodicTask.list(fromJSON: Array(text.utf8)) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
}
