import Foundation
import TestSupport
import Testing

/// `Scripts/observability`, judged by promtool and by a real Prometheus that watches the real programs.
@Suite(.timeLimit(.minutes(5))) struct ObservabilityTests {
    private static let folder = PrometheusServer.configurationFolder

    /// What is only shown once it has happened, which the test does not bring about.
    private static let madeOnDemand: Set = [
        "budget_alarm_total", "limits_proofs_total", "limits_refused_total", "task_deaths_total", "task_retries_total",
    ]

    /// What has no value while there is none of it.
    private static let valuesOfWhatIsThere: Set = [
        "queue_limited", "queue_oldest_waiting_seconds", "sms_breakers_open",
    ]

    private static func promtool(_ arguments: String...) async throws -> Program.Finished {
        try await Program.run(tool("promtool", package: "prometheus"), arguments, folder: folder)
    }

    private func contents(_ file: String) throws -> String {
        try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
    }

    // MARK: - The files

    @Test func rulesAndConfigurationAreValidAndEachAlertFiresWhenItShould() async throws {
        for arguments in [["check", "config", "prometheus.yml"], ["test", "rules", "alerts-test.yml"]] {
            let checked = try await Self.promtool(arguments[0], arguments[1], arguments[2])
            #expect(checked.status == .code(0), "\(checked.output)\(checked.errorOutput)")
        }
    }

    @Test func eachAlertHasATestAndASectionInTheRunbookThatSaysWhatToType() throws {
        let alerts = try contents("alerts.yml").matches(of: /- alert: (\w+)/).map { String($0.1) }
        #expect(alerts.count > 10)
        let tested = try contents("alerts-test.yml")
        var sections: [String: Substring] = [:]
        for section in try contents("runbook.md").split(separator: "\n## ").dropFirst() {
            sections[String(section.prefix { $0 != "\n" })] = section
        }
        #expect(Set(alerts) == Set(sections.keys))
        for alert in alerts {
            #expect(tested.contains("alertname: \(alert)\n"), "\(alert) has no test")
            let section = try #require(sections[alert])
            #expect(section.contains("sms-queue ") || section.contains("redis-cli "), "\(alert) names no command")
            for part in ["**Means:**", "**Do:**", "**Over:**"] {
                #expect(section.contains(part), "\(alert) lacks \(part)")
            }
        }
    }

    // MARK: - The running system

    @Test func aRealPrometheusFindsAllThatDashboardAndAlertsShow() async throws {
        let system = try await RunningSystem()
        let programs = [
            try await system.startSandbox(), try await system.startAPI(), try await system.startWorker(),
        ]
        let prometheus = try await PrometheusServer(
            apiPort: system.apiOperationsPort, workerPort: system.workerOperationsPort)
        try await eventually("both targets are up") {
            try await prometheus.query("up == 1").map { $0.labels["job"] ?? "" }.sorted() == ["sms-api", "sms-worker"]
        }
        #expect(try await system.requestCode().text.contains(#""code":0"#))
        try await eventually("the message arrives") { try await system.messages().count == 1 }
        try await verify(with: system)

        for expression in [
            #"tasks_total{task="ccp_send_sms_code", outcome="succeeded"} >= 1"#,
            #"task_wait_seconds_count{queue="celery"} >= 1"#, #"sms_sends_total{outcome="ok"} >= 1"#,
            "sms_acceptance_duration_seconds_count >= 1", #"queue_messages_total{event="succeeded"} >= 1"#,
            #"queue_waiting{queue="celery", band="0"} == 0"#, "queue_workers == 1", "queue_dead == 0",
            #"worker_lease_renewals_total{outcome="renewed"} >= 1"#,
            #"redis_client_connected{job="sms-api", client="store"} == 1"#,
            #"redis_client_connected{job="sms-worker", client="broker"} == 1"#,
            "redis_client_round_trip_seconds > 0", #"captcha_answers_total{outcome="right"} >= 2"#,
            #"captcha_answers_total{outcome="wrong"} == 1"#, #"budget_spent{budget="budget-day"} == 9000"#,
            #"sum(api_requests_total{status="200"}) >= 3"#, #"process_open_fds{job="sms-worker"} > 0"#,
        ] {
            try await eventually("there is \(expression)") { try await !prometheus.query(expression).isEmpty }
        }
        #expect(try await prometheus.query("metrics_collector_up == 0").isEmpty)
        try await checkNames(system, prometheus)

        system.redis.kill()
        try await eventually("an alert says of each client that Redis is away") {
            let alerts = try await prometheus.query(#"ALERTS{alertname="RedisUnreachable"}"#)
            let clients = alerts.map { "\($0.labels["job"] ?? "") \($0.labels["client"] ?? "")" }.sorted()
            return clients == ["sms-api broker", "sms-api store", "sms-worker broker"]
        }
        withExtendedLifetime(programs) {}
    }

    /// The flow of `/v1`, with a wrong answer first.
    private func verify(with system: RunningSystem) async throws {
        let (client, mobile) = (VerificationClient(api: system.api), "+8613900139000")
        func picture() async throws -> (id: String, text: String) {
            let id = try await client.post("captchas", [:]).text("id")
            let kept = try await system.redis.cli("GET", "sms:captcha:\(id)", database: 2)
            return (id, try #require(kept.split(separator: " ").last.map(String.init)))
        }
        func start(_ id: String, _ answer: String) async throws -> VerificationClient.Answer {
            try await client.post(
                "verifications", ["mobile": mobile, "captcha_id": id, "captcha_answer": answer])
        }
        #expect(try await start(picture().id, "????").status == 403)
        let good = try await picture()
        let id = try await start(good.id, good.text).text("id")
        let code = try await system.redis.cli("HGET", "sms:verification:\(id)", "code", database: 2)
        #expect(try await client.check(id, mobile, code).status == 200)
    }

    /// Every name that the dashboard or an alert uses is one that a program shows.
    private func checkNames(_ system: RunningSystem, _ prometheus: PrometheusServer) async throws {
        var known = Self.madeOnDemand.union(["up", "ALERTS"])
        for port in [system.apiOperationsPort, system.workerOperationsPort] {
            let text = try await system.get("http://127.0.0.1:\(port)/metrics").text
            for type in text.matches(of: /# TYPE (\S+) (\S+)/) {
                known.formUnion(
                    type.2 == "histogram" ? ["_bucket", "_sum", "_count"].map { type.1 + $0 } : [String(type.1)])
                #expect(text.contains("# HELP \(type.1) "), "\(type.1) has no help")
            }
        }
        let rules = try await prometheus.rules()
        #expect(rules.filter { $0.health != "ok" }.map(\.name) == [])
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(contents("dashboard.json").utf8))
        let targets = dashboard.panels.flatMap { $0.targets ?? [] }
        #expect(rules.count > 10 && targets.count > 20)
        for target in targets { try await checkThatThereIsSomethingToShow(target, prometheus) }
        let shown = targets.map(\.expr)
        for expression in rules.map(\.query) + shown {
            for name in names(in: expression) { #expect(known.contains(name), "\(name) in \(expression)") }
        }
    }

    /// It can be evaluated, has values when what it shows has happened, and these have the labels that its legend names.
    private func checkThatThereIsSomethingToShow(
        _ target: Dashboard.Target, _ prometheus: PrometheusServer
    ) async throws {
        let query = target.expr.replacing("$__rate_interval", with: "1m")
        var found = try await prometheus.query(query)
        if Self.madeOnDemand.union(Self.valuesOfWhatIsThere).isDisjoint(with: names(in: target.expr)) {
            try await eventually("there is something to show for \(query)") {
                found = try await prometheus.query(query)
                return !found.isEmpty
            }
        }
        let labels = target.legendFormat.matches(of: /{{(\w+)}}/).map { String($0.1) }
        // Prometheus leaves out what is empty, such as the reason of what went well.
        let kept = Set(query.matches(of: /by \(([^)]*)\)/).flatMap { $0.1.split(separator: ", ").map(String.init) })
        for label in labels where !kept.contains(label) {
            #expect(found.isEmpty || found.contains { $0.labels[label] != nil }, "no \(label) in \(query)")
        }
    }

    @Test func theDashboardIsOneThatGrafanaCanRead() throws {
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(contents("dashboard.json").utf8))
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        let variables = dashboard.templating.list.map(\.name)
        for (index, panel) in dashboard.panels.enumerated() {
            let place = panel.gridPos
            #expect(place.w > 0 && place.h > 0 && place.x >= 0 && place.x + place.w <= 24, "\(panel.title)")
            for other in dashboard.panels[..<index] {
                #expect(!place.overlaps(other.gridPos), "\(panel.title) lies over \(other.title)")
            }
            guard panel.type != "row" else { continue }
            let source = try #require(panel.datasource)
            #expect(source.type == "prometheus" && variables.contains { source.uid == "${\($0)}" }, "\(panel.title)")
            let targets = try #require(panel.targets)
            #expect(!targets.isEmpty && Set(targets.map(\.refId)).count == targets.count, "\(panel.title)")
        }
    }

    /// What Grafana needs of a dashboard.
    private struct Dashboard: Decodable {
        var panels: [Panel]
        var templating: Templating

        struct Templating: Decodable {
            var list: [Variable]
        }
        struct Variable: Decodable {
            var name: String
        }
        struct Panel: Decodable {
            var id: Int
            var type: String
            var title: String
            var gridPos: Place
            var datasource: Source?
            var targets: [Target]?
        }
        struct Source: Decodable {
            var type: String
            var uid: String
        }
        struct Place: Decodable {
            var x, y, w, h: Int

            func overlaps(_ other: Place) -> Bool {
                x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h
            }
        }
        struct Target: Decodable {
            var expr: String
            var legendFormat: String
            var refId: String
        }
    }

    /// The metrics' names in an expression of Prometheus: what is left without selectors, labels, functions and words.
    private func names(in expression: String) -> [String] {
        let words: Set = ["and", "or", "unless", "bool", "offset"]
        return
            expression
            .replacing(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]/, with: " ")
            .replacing(/\b(by|without|on|ignoring|group_left|group_right) *\([^)]*\)/, with: " ")
            .matches(of: /[A-Za-z_:][A-Za-z0-9_:]*(?![A-Za-z0-9_:]* *\()/)
            .map { String($0.0) }.filter { !words.contains($0) }
    }
}
