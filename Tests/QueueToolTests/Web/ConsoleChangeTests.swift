import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

/// What the console changes, and who may.
@Suite(.timeLimit(.minutes(5))) struct ConsoleChangeTests {
    /// What the console has written down, the first first, without who it was.
    private func audited(_ system: ToolSystem) async throws -> [String] {
        let entries = try await AuditLog(client: system.client, queue: "celery").entries(limit: 100).reversed()
        let ours = entries.filter { $0.actor.contains(" by the console from 127.0.0.1") }
        for entry in ours { #expect(entry.actor.hasPrefix("\(NSUserName())@"), "\(entry.actor)") }
        return ours.map { "\($0.state) \($0.action) [\($0.subject)] \($0.count.map(String.init) ?? "-")" }
    }

    @Test func retryIsPlannedAndTellsWhatChanged() async throws {
        try await ToolSystem.run { system in
            for number in 0..<8 { try await system.bury("d\(number)", reason: number < 6 ? "throttled" : "odd") }
            let console = try await ConsoleVisit.start(system)
            let plan = try await console.get("/dead/plan?action=retry&all=yes&reason=throttled")
            plan.has("Put 6 dead letters back at the end of the line?", "138****8000", "from now on are not touched")
            // One goes, one comes: the one is told, the other is not touched.
            _ = try await system.output("dead", "delete", "d0")
            try await system.bury("late")
            try await system.redis.cli("ZADD", "{celery}:dead", "99999999999999", "late", database: 3)
            let done = try await console.send("/dead/retry", of: plan)
            #expect(done.status == 303 && done.location == "/dead?queue=celery")
            let told = try await console.get("/dead")
            told.has("5 dead letters put back.", "6 were planned: in between 1 went")
            #expect(try await console.get("/dead").text.contains("put back") == false)
            #expect(try await system.redis.cli("LLEN", "celery", database: 3) == "5")
            #expect(try await system.redis.cli("ZCARD", "{celery}:dead", database: 3) == "3")
            #expect(console.program.errorOutput.contains("retry of dead letters of the queue celery: 5"))
            let audited = try await audited(system)
            #expect(audited.count == 2)
            #expect(audited.first?.hasPrefix("begun dead retry [--reason throttled --before ") == true, "\(audited)")
            #expect(audited.last?.hasPrefix("done dead retry [--reason throttled --before ") == true, "\(audited)")
            #expect(audited.last?.hasSuffix("] 5") == true, "\(audited)")
        }
    }

    @Test func chosenOnesAreDeleted() async throws {
        try await ToolSystem.run { system in
            for number in 0..<4 { try await system.bury("d\(number)") }
            let console = try await ConsoleVisit.start(system)
            try await console.get("/dead/plan?action=delete").has("Nothing is chosen")
            try await console.get("/dead/plan?action=delete&id=gone").has("There is nothing to do", "gone already")
            let plan = try await console.get("/dead/plan?action=delete&id=d1&id=d2")
            plan.has("Delete 2 dead letters for good?", "Nobody can bring them back")
            #expect(try await console.send("/dead/delete", of: plan).status == 303)
            try await console.get("/dead").has("2 dead letters deleted.")
            #expect(try await system.redis.cli("ZRANGE", "{celery}:dead", "0", "-1", database: 3) == "d0\nd3")
            #expect(try await console.get("/dead/plan?action=burn&all=yes").status == 400)
            #expect(
                try await audited(system) == ["begun dead delete [d1 d2] -", "done dead delete [d1 d2] 2"])
        }
    }

    @Test func aQueueIsPausedAndGoesOn() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            #expect(try await console.send("/queue/pause", of: console.get("/")).status == 303)
            let paused = try await console.get("/")
            paused.has("paused: what runs goes on", "Resume")
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "1")
            _ = try await console.send("/queue/resume", of: paused)
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "0")
            #expect(
                try await audited(system)
                    == ["begun pause [] -", "done pause [] -", "begun resume [] -", "done resume [] -"])
        }
    }

    @Test func whatCannotBeWrittenDownIsNotDone() async throws {
        try await ToolSystem.run { system in
            try await system.redis.cli("SET", "{celery}:audit", "no stream", database: 3)
            let console = try await ConsoleVisit.start(system)
            let answer = try await console.send("/queue/pause", of: console.get("/"))
            #expect(answer.status == 503)
            answer.has("The audit log cannot be written", "nothing was done")
            // Nothing asks again by itself for what only a form can send.
            #expect(!answer.text.contains("data-refresh"))
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "0")
        }
    }

    @Test func whatIsDoneAndCannotBeWrittenDownIsToldAsBoth() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            try await system.bury("d0")
            // Only one number is left for entries: that the change begins takes it, that it is done gets none.
            try await system.redis.cli("XADD", "{celery}:audit", "\(Int.max - 1)-0", "a", "b", database: 3)
            let done = try await console.send("/dead/delete", of: console.get("/dead/plan?action=delete&all=yes"))
            #expect(done.status == 303 && done.location == "/")
            #expect(try await system.redis.cli("ZCARD", "{celery}:dead", database: 3) == "0")
            try await console.get("/").has(
                "What you asked for: it is done", "could not be written into the audit log")
            #expect(console.program.errorOutput.contains("it is done, but that could not be written"))
        }
    }

    /// Asks on that connection for what is not there, and waits until so many answers have come.
    private func ask(_ connection: RawConnection, until count: Int) async throws {
        connection.send(Self.request)
        _ = try await connection.receive { $0.ranges(of: "HTTP/1.1 404").count == count }
    }

    private static let request = "GET /assets/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    @Test func soManyConnectionsAreOpenAtOnceAndNoMore() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            let first = try RawConnection(port: console.port)
            try await ask(first, until: 1)
            var others: [RawConnection] = []
            for _ in 1..<200 {
                let connection = try RawConnection(port: console.port)
                try await ask(connection, until: 1)
                others.append(connection)
            }
            let late = try RawConnection(port: console.port)
            late.send(Self.request)
            for count in 2..<50 { try await ask(first, until: count) }
            let came = try await late.receive { _ in true }
            #expect(came == "")
            others.removeLast()
            _ = try await late.receive { $0.contains("HTTP/1.1 404") }
        }
    }

    @Test func whoKeepsNoCookieEndsNobodysVisit() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system, environment: ["SMS_WEB_TOKEN": ConsoleVisit.token])
            let form = try await console.get("/sign-in")
            // Until somebody has signed in, nothing is kept of him.
            #expect(form.header("set-cookie") == nil)
            #expect(try await console.get("/").header("set-cookie") == nil)
            _ = try await console.send("/sign-in", of: form, and: [("token", ConsoleVisit.token)])
            #expect(try await console.get("/").status == 200)
        }
    }

    @Test func formsFromElsewhereAreRefused() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            let page = try await console.get("/")
            let token = try #require(page.value("form_token"))
            let origin = "http://127.0.0.1:\(console.port)"
            for headers in [
                ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "none"], [:],
                ["Origin": "http://evil.example"], ["Origin": "null"],
                ["Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:1"],
            ] {
                let answer = try await console.post("/queue/pause", [("form_token", token)], headers)
                #expect(answer.status == 403, "\(headers)")
            }
            for fields in [[], [("form_token", String(token.reversed()))], [("form_token", "")]] {
                #expect(try await console.post("/queue/pause", fields).status == 403)
            }
            // Another visit's token, and none that the console knows.
            let cookie = console.cookie
            console.cookie = nil
            let other = try #require(try await console.get("/").value("form_token"))
            #expect(other != token)
            console.cookie = "sms_console=0"
            #expect(try await console.post("/queue/pause", [("form_token", token)]).status == 403)
            console.cookie = cookie
            #expect(try await console.post("/queue/pause", [("form_token", other)]).status == 403)
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "0")
            let own = try await console.post("/queue/pause", [("form_token", token)], ["Origin": origin])
            #expect(own.status == 303)
            // Following a link changes nothing.
            _ = try await console.get("/queue/resume")
            #expect(try await system.redis.cli("EXISTS", "{celery}:paused", database: 3) == "1")
        }
    }

    @Test func onThisMachineOnlyItsOwnNamesLeadHere() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            for (host, status) in [
                ("evil.example", 421), ("127.0.0.1.evil.example:80", 421), ("localhost:9999", 200), ("[::1]:80", 200),
                ("127.0.0.1", 200), ("LOCALHOST", 200),
            ] {
                #expect(try await console.get("/", ["Host": host]).status == status, "\(host)")
            }
        }
    }

    @Test func noClientHoldsMoreThanItsPart() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system)
            let large = String(repeating: "x", count: 9 * 1024)
            let status = try? await console.get("/", ["X-Large": large]).status
            #expect(status != 200)
            #expect(try await console.get("/", ["X-Small": String(large.prefix(4096))]).status == 200)
            let body = String(repeating: "x", count: 2 << 20)
            let sent = try? await console.post("/queue/pause", [("text", body)]).status
            #expect(sent.map { $0 >= 400 } ?? true)
            #expect(try await console.get("/").status == 200)
        }
    }

    @Test func readOnlyChangesNothing() async throws {
        try await ToolSystem.run { system in
            try await system.bury("d1")
            let console = try await ConsoleVisit.start(system, ["--read-only"])
            let page = try await console.get("/dead")
            page.has("read only", "the gateway says no")
            for part in ["checkbox", "/dead/plan", "/queue/pause"] { #expect(!page.text.contains(part)) }
            #expect(try await console.send("/dead", of: page, and: [("text", "d1")]).text.contains("1 shown"))
            for path in ["/queue/pause", "/queue/resume", "/dead/retry", "/dead/delete"] {
                let answer = try await console.post(path, [("planned", "1"), ("id", "d1")])
                #expect(answer.status == 403 && answer.text.contains("--read-only"))
            }
            #expect(try await system.redis.cli("ZCARD", "{celery}:dead", database: 3) == "1")
        }
    }

    @Test func withATokenPeopleSignIn() async throws {
        try await ToolSystem.run { system in
            // It goes with the server's folder.
            let file = "\(system.redis.folder)/token"
            try "\(ConsoleVisit.token)\n".write(toFile: file, atomically: true, encoding: .utf8)
            let console = try await ConsoleVisit.start(
                system, ["--host", "0.0.0.0", "--token-file", file, "--trust-https"])
            let sent = try await console.get("/jobs?state=scheduled")
            #expect(sent.status == 303 && sent.location == "/sign-in?to=%2Fjobs%3Fstate%3Dscheduled")
            let form = try await console.get(sent.location)
            form.has("Token", "type=\"password\"")
            #expect(console.cookie == nil)
            for (path, fields) in [("/queue/pause", [("planned", "1")]), ("/dead/retry", [])] {
                let answer = try await console.post(path, fields)
                #expect(answer.status == 303 && answer.location.hasPrefix("/sign-in"))
            }
            let wrong = try await console.send("/sign-in", of: form, and: [("token", "wrong")])
            #expect(wrong.status == 403 && wrong.text.contains("That is not the token."))
            let right = try await console.send("/sign-in", of: form, and: [("token", ConsoleVisit.token)])
            #expect(right.status == 303 && right.location == "/jobs?state=scheduled")
            let cookie = right.header("set-cookie") ?? ""
            for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] { #expect(cookie.contains(part)) }
            #expect(console.cookie?.hasPrefix("__Host-sms_console=") == true)
            #expect(!console.program.output.contains("unencrypted"))
            let page = try await console.get("/", ["Host": "console.example"])
            #expect(page.status == 200)
            // Over TLS a page that came without is not its own.
            let token = page.value("form_token") ?? ""
            for (origin, status) in [
                ("http://127.0.0.1:\(console.port)", 403), ("https://127.0.0.1:\(console.port)", 303),
            ] {
                let answer = try await console.post("/queue/pause", [("form_token", token)], ["Origin": origin])
                #expect(answer.status == status)
            }
            _ = try await console.send("/sign-out", of: page)
            #expect(try await console.get("/").status == 303)

            let again = try await console.get("/sign-in?to=//evil.example")
            let led = try await console.send("/sign-in", of: again, and: [("token", ConsoleVisit.token)])
            #expect(led.status == 303 && led.location == "/")
        }
    }

    @Test func whoGuessesIsHeldUp() async throws {
        try await ToolSystem.run { system in
            let console = try await ConsoleVisit.start(system, environment: ["SMS_WEB_TOKEN": ConsoleVisit.token])
            let form = try await console.get("/sign-in")
            for _ in 0..<5 {
                #expect(try await console.send("/sign-in", of: form, and: [("token", "guess")]).status == 403)
            }
            let held = try await console.send("/sign-in", of: form, and: [("token", "guess")])
            #expect(held.status == 429 && held.header("retry-after") != nil)
            // Who has the token is not shut out by those who guess from the same address.
            let right = try await console.send("/sign-in", of: form, and: [("token", ConsoleVisit.token)])
            #expect(right.status == 303)
            #expect(!console.program.errorOutput.contains("guess"))
        }
    }

    @Test func whatIsUnsafeIsRefusedAtTheStart() async throws {
        try await ToolSystem.run { system in
            let unencrypted = try await ConsoleVisit.start(
                system, ["--host", "0.0.0.0"], environment: ["SMS_WEB_TOKEN": ConsoleVisit.token])
            #expect(unencrypted.program.output.contains("travel unencrypted"))
            let open = try await system.tool("web", "--host", "0.0.0.0")
            #expect(open.status == .code(78) && open.errorOutput.contains("--token-file"))
            let short = try await system.tool("web", environment: ["SMS_WEB_TOKEN": "short"])
            #expect(short.status == .code(78) && short.errorOutput.contains("32 or more"))
            #expect(!short.errorOutput.contains("short\""))
            let missing = try await system.tool("web", "--token-file", "/nowhere")
            #expect(missing.status == .code(78) && missing.errorOutput.contains("/nowhere"))
            let taken = try await system.tool("web", "--port", "\(system.redis.port)")
            #expect(taken.status == .code(1) && taken.errorOutput.contains("SMS_WEB_PORT"))
            #expect(try await system.tool("web", "--port", "x").status == .code(78))
        }
    }
}
