import Operations
import Testing

@Suite struct CollectorTests {
    private struct Unreachable: Error {}

    private func text(_ registry: MetricsRegistry) async -> String {
        String(decoding: await registry.exposition(), as: UTF8.self)
    }

    @Test func valuesAreReadWhenAskedFor() async {
        let registry = MetricsRegistry()
        registry.addCollector("queue") {
            [
                CollectedMetric(
                    "queue.depth", .gauge, help: "Waiting jobs.",
                    samples: [.init(3, labels: [("queue", "celery")]), .init(0, labels: [("queue", "bulk")])])
            ]
        }
        #expect(
            await text(registry) == """
                # HELP queue_depth Waiting jobs.
                # TYPE queue_depth gauge
                queue_depth{queue="celery"} 3
                queue_depth{queue="bulk"} 0
                # HELP metrics_collector_up Whether a collector answered.
                # TYPE metrics_collector_up gauge
                metrics_collector_up{collector="queue"} 1

                """)
    }

    /// One that fails and one that never answers, not even to its cancellation.
    @Test(.timeLimit(.minutes(5))) func anIllCollectorDoesNotHideTheOthers() async {
        let registry = MetricsRegistry()
        registry.addCollector("failing") { throw Unreachable() }
        registry.addCollector("hanging") {
            let (never, continuation) = AsyncStream.makeStream(of: Void.self)
            await Task { for await _ in never {} }.value
            continuation.finish()
            return []
        }
        registry.addCollector("well") { [CollectedMetric("a", .gauge, help: "A.", value: 1)] }
        let text = await text(registry)
        #expect(text.contains("\na 1\n"))
        #expect(text.contains(#"metrics_collector_up{collector="failing"} 0"#))
        #expect(text.contains(#"metrics_collector_up{collector="hanging"} 0"#))
        #expect(text.contains(#"metrics_collector_up{collector="well"} 1"#))
    }

    @Test func theProcessIsMeasured() async throws {
        let registry = MetricsRegistry()
        registry.addProcessMetrics()
        let lines = await text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let values = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), Double(parts[1]) ?? -1)
            })
        #expect(values.count == 7)
        let resident = try #require(values["process_resident_memory_bytes"])
        let virtual = try #require(values["process_virtual_memory_bytes"])
        #expect(resident > 1_000_000 && resident < virtual)
        let start = try #require(values["process_start_time_seconds"])
        #expect(start > 1_600_000_000)
        let open = try #require(values["process_open_fds"])
        let limit = try #require(values["process_max_fds"])
        #expect(open >= 3 && open <= limit)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
    }
}
