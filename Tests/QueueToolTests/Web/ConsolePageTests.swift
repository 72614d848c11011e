import Foundation
import RedisClient
import SMSVerification
import TaskQueue
import TestSupport
import Testing

/// What the console's pages show of a live queue.
@Suite(.timeLimit(.minutes(5))) struct ConsolePageTests {
    private static let mobile = "13800138000"
    private static let code = "123456"
    private static let script = "<script>alert(1)</script>"

    private func send(_ system: ToolSystem, _ task: String = "send_code", _ more: String...) async throws -> String {
        let finished = try await Program.run(
            Program.built("sms-queue"), ["send", task, #"["13800138000", "123456"]"#] + more,
            environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
        return finished.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func everyPageShowsTheQueueMaskedAndEscaped() async throws {
        try await ToolSystem.run { system in
            let id = try await send(system, Self.script)
            _ = try await send(system, "other", "--priority", "9")
            try await system.redis.cli(
                "ZADD", "{celery}:scheduled", "99999999999999",
                #"{"body":"[[\"13800138000\"],{},{}]","content-type":"application/json","#
                    + #""headers":{"task":"send_code","id":"later"},"properties":{}}"#,
                database: 3)
            try await system.bury("letter", reason: "\(Self.script)")
            try await system.redis.cli(
                "HSET", "sms:breakers", Self.script, "account-refused 99999999999999", database: 3)
            try await system.redis.cli("SADD", "{celery}:limited", Self.script, database: 3)
            try await system.redis.cli("HSET", "sms:calls:aliyun", "w", "3 4 99999999999999", database: 3)
            let console = try await ConsoleVisit.start(system)
            for (path, texts) in [
                ("/", ["Overview", "Waiting by priority", "Nothing is written down of the last hour"]),
                ("/jobs", [id, "138****8000", "9"]), ("/jobs?state=scheduled", [">later<", " d "]),
                ("/jobs?state=claimed", ["There are none."]), ("/jobs?state=limited", ["There are none."]),
                ("/dead", ["the gateway says no", "Retry chosen"]), ("/workers", ["No worker of this library"]),
                ("/limits", ["account-refused", "aliyun", "&lt;script&gt;"]),
                ("/job?id=\(id)", ["no worker of this queue is alive", "&lt;script&gt;", "138****8000"]),
                ("/job?id=letter", ["Delete…", "the gateway says no"]),
                ("/dead/plan?action=retry&id=letter", ["Put 1 dead letter back", "138****8000"]),
            ] {
                let answer = try await console.get(path)
                #expect(answer.status == 200, "\(path): \(answer.text)")
                for text in texts { #expect(answer.text.contains(text), "\(path) has no \(text): \(answer.text)") }
                #expect(!answer.text.contains(Self.script) && !answer.text.contains(Self.mobile))
                #expect(!answer.text.contains(Self.code), "\(path)")
                #expect(!answer.text.contains("style=") && !answer.text.contains("onclick"))
                let policy = answer.header("content-security-policy") ?? ""
                for part in ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"]
                {
                    #expect(policy.contains(part))
                }
                #expect(answer.header("server-timing")?.hasPrefix("app;dur=") == true)
                #expect(answer.header("cache-control") == "no-store")
            }
            #expect(try await console.get("/job?id=nobody").status == 404)
            #expect(try await console.get("/nothing").status == 404)
            #expect(try await console.get("/job?id=\(id)&state=waiting&at=\(Int.max)").status == 200)
            #expect(try await console.get("/jobs?from=\(Int.max)").status == 200)
            for (field, values) in [
                ("state", ["dead", "nowhere"]), ("band", ["7", "x"]), ("age", ["-1", "1e10", "nan", "old"]),
                ("from", ["-1", "x", "\(Int.min)"]),
            ] {
                for value in values {
                    let answer = try await console.get("/jobs?\(field)=\(value)")
                    #expect(answer.status == 400 && answer.text.contains("\(field): expected"), "\(field)=\(value)")
                }
            }
            #expect(try await console.get("/job?id=\(id)&at=-1&state=waiting").status == 400)
            #expect(try await console.get("/job?id=\(id)&state=nowhere").status == 400)
            #expect(try await console.get("/dead?after=soon").status == 400)
            // What only looks like an escaped byte stays as it is.
            try await console.get("/jobs?task=a%25+5").has("value=\"a% 5\"")
            try await console.get("/jobs?task=a%+5").has("value=\"a% 5\"")
            for asset in ["/assets/console.css", "/assets/console.js"] {
                #expect(try await console.get(asset).status == 200)
            }
            let revealing = try await ConsoleVisit.start(system, ["--reveal"])
            try await revealing.get("/jobs").has(Self.mobile, Self.code)
        }
    }

    @Test func jobsAreFilteredAndComeInPages() async throws {
        try await ToolSystem.run { system in
            var ids: [String] = []
            for number in 0..<120 {
                let sending = Sending(mobile: number == 100 ? "13900139000" : Self.mobile, code: "\(number)")
                ids.append(
                    try await system.producer.enqueue(sendCode, sending, priority: number == 119 ? 9 : 0).text)
            }
            _ = try await send(system, "other")
            let console = try await ConsoleVisit.start(system)
            let first = try await console.get("/jobs")
            first.has(ids[0], ids[49], "50 shown. Looked at 1–50 of 121", "from=50")
            #expect(!first.text.contains(ids[50]))
            let third = try await console.get("/jobs?from=100")
            third.has(ids[100], ids[119], "21 shown. Looked at 101–121 of 121", "From the first")
            #expect(!third.text.contains(">Next<"))

            for (query, shown, hidden) in [
                ("task=other", "other", ids[0]), ("text=\(ids[77])", ids[77], ids[76]),
                ("text=13900139000", ids[100], ids[99]), ("band=9", ids[119], ids[0]), ("age=0", ids[0], ids[119]),
            ] {
                let page = try await console.get("/jobs?\(query)")
                page.has(shown)
                #expect(!page.text.contains(hidden), "\(query)")
            }
            try await console.get("/jobs?age=3600").has("None fits")
            try await console.get("/jobs?task=nothing").has("None fits", "Looked at 1–121 of 121")
            // A search that would have to look at more than a page looks at tells where to go on.
            let message = try await system.redis.cli("LINDEX", "celery", "-1", database: 3)
            for _ in 0..<11 {
                let pushes = Array(repeating: message, count: 1000)
                _ = try await system.client.send(
                    RedisCommand("LPUSH", arguments: ["celery"] + pushes.map { $0 as any RedisArgument }))
            }
            let far = try await console.get("/jobs?task=nothing")
            far.has("None of these fits", "Looked at 1–10,000 of 11,121", "from=10000", "Look on")
            let found = try await console.get("/job?id=\(ids[119])")
            found.has("some were looked at", "name=\"from\" value=\"10000\"", "name=\"search\" value=\"all\"")
            try await console.get("/job?id=\(ids[119])&from=10000").has("send_code", "waiting")
            try await console.get("/job?id=\(ids[119])&search=all").has("send_code", "waiting")
            try await console.get("/job?id=\(ids[50])&state=waiting&at=50").has("send_code", "50")
        }
    }

    @Test func aNumberThatIsLookedForStandsInNoAddress() async throws {
        try await ToolSystem.run { system in
            for number in 0..<61 {
                try await system.producer.enqueue(sendCode, Sending(mobile: Self.mobile, code: "\(number)"))
            }
            _ = try await send(system, "other")
            for number in 0..<3 { try await system.bury("d\(number)", task: "of-\(Self.mobile)-\(number)") }
            let console = try await ConsoleVisit.start(system)
            func hasNoNumberInAddresses(_ answer: ConsoleVisit.Answer) {
                for start in ["href=\"", "action=\""] {
                    for part in answer.text.split(separator: start).dropFirst() {
                        #expect(!part.prefix { $0 != "\"" }.contains(Self.mobile))
                    }
                }
                #expect(!answer.location.contains(Self.mobile))
            }
            let wanted = [("text", Self.mobile)]
            let found = try await console.send("/jobs", of: console.get("/jobs"), and: wanted)
            #expect(found.status == 200)
            found.has("50 shown. Looked at 1–50 of 62", "value=\"\(Self.mobile)\"")
            hasNoNumberInAddresses(found)
            let next = try await console.send("/jobs", of: found.from("class=\"pager\""))
            next.has("12 shown. Looked at 51–62 of 62", "From the first")
            hasNoNumberInAddresses(next)

            let letters = try await console.send("/dead", of: console.get("/dead"), and: wanted)
            letters.has("3 shown", "Retry all that fit")
            hasNoNumberInAddresses(letters)
            let plan = try await console.send(
                "/dead/plan", of: letters.from("id=\"matching\""), and: [("action", "delete")])
            plan.has("Delete 3 dead letters for good?")
            hasNoNumberInAddresses(plan)
            try await console.send("/dead", of: plan).has("3 shown")
            let done = try await console.send("/dead/delete", of: plan)
            #expect(done.status == 303)
            hasNoNumberInAddresses(done)
            try await console.get("/dead").has("3 dead letters deleted.")

            // What is no text makes an address that can be kept.
            let other = try await console.send(
                "/jobs", of: console.get("/jobs"), and: [("task", "other"), ("text", "")])
            #expect(other.status == 303 && other.location == "/jobs?queue=celery&state=waiting&task=other")
            #expect(try await console.post("/jobs", wanted).status == 403)

            // So with an id that is typed; what is no job's stays out of the address.
            let id = try await send(system, "other")
            let story = try await console.send("/job", of: console.get("/"), and: [("id", id)])
            #expect(story.status == 303)
            try await console.get(story.location).has("Why it is where it is", id)
            let none = try await console.send("/job", of: console.get("/"), and: [("id", Self.mobile)])
            #expect(none.status == 404)
            hasNoNumberInAddresses(none)
        }
    }

    @Test(arguments: [["min-replicas-to-write", "1"], ["maxmemory", "1"]])
    func whileRedisTakesNoWritesAllPagesTellHowThingsStand(setting: [String]) async throws {
        try await ToolSystem.run { system in
            let id = try await send(system, "send_code")
            for number in 0..<4 { try await system.bury("d\(number)") }
            let console = try await ConsoleVisit.start(system)
            // No console had the scripts loaded before.
            try await system.redis.cli("SCRIPT", "FLUSH", database: 3)
            try await system.redis.cli("CONFIG", "SET", setting[0], setting[1])
            for (path, texts) in [
                ("/", ["Waiting by priority"]), ("/jobs", [id]), ("/job?id=\(id)&search=all", ["send_code"]),
                ("/dead", ["4 shown"]), ("/dead?from=1000&from_id=d2", ["2 shown"]),
                ("/dead?from=1000&from_id=d1x", ["2 shown"]),
                ("/dead/plan?action=retry&all=yes", ["Put 4 dead letters back"]), ("/workers", ["No worker"]),
                ("/limits", ["Start limits"]),
            ] {
                let answer = try await console.get(path)
                #expect(answer.status == 200, "\(path): \(answer.text)")
                for text in texts { #expect(answer.text.contains(text), "\(path) has no \(text): \(answer.text)") }
            }
            let found = try await console.send(
                "/jobs", of: console.get("/jobs"), and: [("text", Self.mobile)])
            found.has("1 shown", id)
            let refused = try await console.send("/queue/pause", of: console.get("/"))
            #expect(refused.status == 503)
            refused.has("Redis refuse")
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "0")
        }
    }

    @Test func itTellsHowMuchOfTheLimitsOfVerificationsIsInUse() async throws {
        try await ToolSystem.run { system in
            let limits = "\(system.redis.folder)/limits"
            try "budget budget-hour 90000 per 31d\nlimit total-day total 50 per 31d\n"
                .write(toFile: limits, atomically: true, encoding: .utf8)
            let store = RedisClient(
                RedisConfiguration(url: try RedisURL(system.redis.url(database: 2))), logger: ToolSystem.logger)
            let file = try LimitTableFile(path: limits)
            let limiter = SendLimiter(store: store, logger: ToolSystem.logger, rules: { file.rules })
            try await store.whileRunning {
                for number in 0..<18 {
                    _ = try await limiter.charge(
                        SendSubjects(
                            number: "+86\(Self.mobile)\(number)", prefix: "+861380013", country: "86", address: nil),
                        send: "send\(number)", proof: .both(pressure: 4))
                }
            }
            let console = try await ConsoleVisit.start(
                system, ["--store", system.redis.url(database: 2), "--limits", limits])
            let page = try await console.get("/limits")
            page.has(
                "Budgets of verifications", "<td class=\"number\">81,000</td><td class=\"number\">90,000</td>",
                "<span class=\"mark wait\">90 %</span>", "total-day</th><td>all</td>", "<span class=\"mark \">36 %",
                "country-hour</th><td>to +86</td>")
            #expect(!page.text.contains("the codes that are sent come back"))
            try await eventually("the range was found") {
                try await console.get("/limits").text.contains("both proofs wanted")
            }
            let found = try await console.get("/limits")
            found.has(" ago.", ">+86138…<", "<td class=\"number\">18</td><td class=\"number\">8</td>")
            #expect(!found.text.contains("13800"))
            // What the table says counts as soon as it has changed; without a store the others are told all the same.
            try "budget budget-hour 81001 per 31d\n".write(toFile: limits, atomically: true, encoding: .utf8)
            try await console.get("/limits").has("<span class=\"mark wait\">99 %</span>")
            try "budget budget-hour 81000 per 31d\n".write(toFile: limits, atomically: true, encoding: .utf8)
            try await console.get("/limits").has("<span class=\"mark bad\">100 %</span>")
            try "budget budget-hour much\n".write(toFile: limits, atomically: true, encoding: .utf8)
            try await console.get("/limits").has(
                "The file of limits has a mistake", "line 1: ", "<span class=\"mark bad\">100 %</span>")
            let other = try await ConsoleVisit.start(system, ["--store", "redis://127.0.0.1:1/2"])
            try await other.get("/limits").has("The store cannot be read", "Limits of providers")
            try await ConsoleVisit.start(system).get("/limits").has("with --store")
            try await system.redis.cli("ACL", "SETUSER", "narrow", "on", ">secret", "~*", "&*", "+@all", "-scan")
            let narrow = try await ConsoleVisit.start(
                system, ["--store", "redis://narrow:secret@127.0.0.1:\(system.redis.port)/2"])
            try await eventually("it tells why nothing was found") {
                try await narrow.get("/limits").text.contains("They could not be looked for: ")
            }
            let alone = try await system.tool("web", "--limits", limits)
            #expect(alone.status == .code(78) && alone.errorOutput.contains("--limits needs --store"))
            let refused = try await system.tool("web", "--store", system.redis.url(), "--limits", "/nowhere")
            #expect(refused.status == .code(78) && refused.errorOutput.contains("/nowhere"))
        }
    }

    @Test func scheduledJobsAreFoundHoweverManyThereAre() async throws {
        try await ToolSystem.run { system in
            let entries = (0..<5200).flatMap { number in
                [
                    "\(99_999_999_000_000 + number)",
                    #"{"body":"[[],{},{}]","content-type":"application/json","headers":{"task":"t","#
                        + #""id":"later\#(number)"},"properties":{}}"#,
                ]
            }
            _ = try await system.client.send(
                RedisCommand("ZADD", arguments: ["{celery}:scheduled"] + entries.map { $0 as any RedisArgument }))
            let console = try await ConsoleVisit.start(system)
            let page = try await console.get("/jobs?state=scheduled&from=4000")
            page.has(">later4000<", "id=later4000&amp;state=scheduled&amp;at=4000")
            let story = try await console.get("/job?queue=celery&id=later4000&state=scheduled&at=4000")
            #expect(story.status == 200)
            story.has("later4000", "Due before it", "4,000")
        }
    }

    @Test func deadLettersAreFilteredAndComeInPages() async throws {
        try await ToolSystem.run { system in
            for number in 0..<60 {
                try await system.bury("d\(number)", task: "t\(number)", reason: number == 7 ? "odd" : "throttled")
                try await system.redis.cli("ZADD", "{celery}:dead", "\(1000 + number)", "d\(number)", database: 3)
            }
            let console = try await ConsoleVisit.start(system)
            let first = try await console.get("/dead")
            first.has(">t59<", ">t10<", "from=1010&amp;from_id=d10")
            #expect(!first.text.contains(">t9<"))
            try await console.get("/dead?from=1010&from_id=d10").has(">t9<", ">t0<")
            // Behind exactly as many as a page has there is nothing more.
            let last = try await console.get("/dead?from=1050&from_id=d50")
            last.has(">t49<", ">t0<")
            #expect(!last.text.contains(">Next<"))
            let odd = try await console.get("/dead?reason=odd")
            odd.has(">t7<", "Retry all that fit")
            #expect(!odd.text.contains(">t8<"))
            let text = try await console.get("/dead?text=t33")
            #expect(text.text.contains(">t33<") && !text.text.contains(">t34<"))
            #expect(try await console.get("/dead?from=x&from_id=d").status == 400)
        }
    }

    @Test func aWorkerRunsAndWritesTheHistoryDown() async throws {
        try await ToolSystem.run { system in
            let started = AsyncStream<Void>.makeStream()
            let end = AsyncStream<Void>.makeStream()
            try await system.running(
                { sending, _ in
                    guard sending.code == "hold" else { return 0 }
                    started.continuation.yield()
                    for await _ in end.stream { break }
                    return 0
                }, historySlot: .milliseconds(200)
            ) { worker in
                let sending = Sending(mobile: Self.mobile, code: "hold")
                let id = try await system.producer.enqueue(sendCode, sending).text
                for await _ in started.stream { break }
                for _ in 0..<20 { try await system.producer.enqueue(sendCode, Sending(mobile: "1", code: "2")) }
                let queue = QueueInspector(client: system.client, queue: "celery")
                try await eventually("the history tells of it") {
                    let history = try await queue.history()
                    guard let last = history.last, history.count > 2 else { return false }
                    return history.reduce(0) { $0 + $1.run.total } == 20
                        && history.reduce(0) { $0 + $1.wait.total } == 21
                        && last.claimed == 1 && last.workers == 1 && last.counters["succeeded"] == 20
                }
                let console = try await ConsoleVisit.start(system)
                let overview = try await console.get("/")
                overview.has("Throughput", "Latency", "Depth", "<path class=\"line good\"", "running <b>1</b>")
                try await console.get("/workers").has(worker.id, "alive", "last sign of life", id, "Held for")
                try await console.get("/jobs?state=claimed").has(id, worker.id, "Held for")
                for path in ["/job?id=\(id)", "/job?id=\(id)&state=claimed"] {
                    try await eventually("since when is told") {
                        try await console.get(path).text.contains("<dt>Held since</dt><dd><time")
                    }
                }
                let times = try await queue.jobs(.claimed).jobs.map(\.heldSince)
                #expect(times.count == 1 && times[0] != nil)
                let held = try await queue.workers().flatMap { report in
                    report.tasks.map { TaskPlace.held($0, by: report, of: "celery").heldSince }
                }
                #expect(held == times)
                try await console.get("/jobs?state=claimed&worker=nobody").has("None fits")
                try await console.get("/job?id=\(id)").has("running", "It runs.")
                let life = try await system.redis.cli("PTTL", "{celery}:history", database: 3)
                #expect((1...72_000).contains(Int(life) ?? 0))
                let doctor = try await system.output("doctor")
                #expect(!doctor.contains("are none of it"), "\(doctor)")
                end.continuation.yield()
            }
        }
    }

    @Test func otherQueuesAreThere() async throws {
        try await ToolSystem.run { system in
            try await system.producer.enqueue(sendCode, Sending(mobile: "1", code: "2"), queue: "other")
            let console = try await ConsoleVisit.start(system)
            // All keys are looked at only once somebody wants to know.
            let calls = try await system.redis.cli("INFO", "commandstats", database: 3)
            #expect(!calls.contains("cmdstat_scan:"))
            try await eventually("the queue was found") { try await console.get("/").text.contains("queue=other") }
            try await console.get("/?queue=other").has("queue <b>other</b>", "<select id=\"queue\"", ">Pause<")
            let mistyped = try await console.get("/?queue=ohter")
            mistyped.has("not known", "unlike celery, other")
            #expect(!mistyped.text.contains(">Pause<"))
        }
    }

    @Test func withoutRedisItSaysSoAndRecovers() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            #expect(try await console.get("/").status == 200)
            system.redis.stop()
            try await eventually("it says that Redis is away") {
                let answer = try await console.get("/jobs")
                return answer.status == 503 && answer.text.contains("Redis does not answer")
            }
            try await system.redis.restart()
            try await eventually("it is back") { try await console.get("/jobs").status == 200 }
            console.program.signal(SIGTERM)
            #expect(try await console.program.waitForExit() == .code(0))
        }
    }
}
