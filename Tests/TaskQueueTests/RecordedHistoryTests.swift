import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// What workers write down of the last hour.
@Suite(.timeLimit(.minutes(1))) struct RecordedHistoryTests {
    private func distribution(_ milliseconds: Int...) -> TimeDistribution {
        milliseconds.reduce(into: TimeDistribution()) { $0.add(.milliseconds($1)) }
    }

    @Test func timesAreSpreadOverBounds() {
        let times = distribution(0, 1, 2, 3, 5, 999, 1000, 5_000_000)
        #expect(times.total == 8)
        #expect(times.json == #"{"1":2,"2":1,"5":2,"1000":2,"1000000":1}"#)
        #expect(TimeDistribution(try? JSONText(Array(times.json.utf8))) == times)
        #expect(TimeDistribution().estimate(of: 0.5) == nil)
        #expect(distribution(150, 150).estimate(of: 1) == 200)
        let median = distribution(150, 150).estimate(of: 0.5) ?? 0
        #expect((141...142).contains(median))
        #expect(distribution(1, 1).estimate(of: 0.5) == 0.5)
    }

    @Test func allWorkersShareTheSampleOfASlot() async throws {
        try await QueueSystem.run { system in
            let keys = QueueKeys(queue: "celery")
            let inspector = QueueInspector(client: system.client, queue: "celery")
            let first = Broker(keys: keys, worker: "one", client: system.client)
            let second = Broker(keys: keys, worker: "two", client: system.client)
            try await first.renewLease()
            try await system.producer.enqueue(note, Note(text: "a"))
            // Thousands of years, so that the first slot has not ended whatever the time is.
            let slot = Duration.seconds(100_000_000_000)
            try await first.record(held: 3, wait: distribution(1, 20), run: distribution(5), slot: slot)
            try await system.producer.enqueue(note, Note(text: "b"))
            try await second.record(held: 4, wait: distribution(20), run: TimeDistribution(), slot: slot)
            let history = try await inspector.history()
            #expect(history.count == 1)
            let sample = try #require(history.first)
            #expect(sample.claimed == 7 && sample.waiting == 1 && sample.workers == 1)
            #expect(sample.counters["enqueued"] == 1)
            #expect(sample.wait == distribution(1, 20, 20) && sample.run == distribution(5))

            // What somebody else has written there is written over, and nothing else grows.
            let field = try await system.client.hash(keys.history).first?.field ?? ""
            _ = try await system.client.send(RedisCommand("HSET", keys.history, field, "?"))
            try await first.record(held: 1, wait: TimeDistribution(), run: TimeDistribution(), slot: slot)
            #expect(try await inspector.history().map(\.claimed) == [1])
        }
    }

    @Test func slotsAreUsedAgain() async throws {
        try await QueueSystem.run { system in
            let keys = QueueKeys(queue: "celery")
            let broker = Broker(keys: keys, worker: "one", client: system.client)
            var times: [String: Set<WireTime>] = [:]
            while times.count < 3 || times.values.contains(where: { $0.count < 2 }) {
                try await broker.record(
                    held: 0, wait: TimeDistribution(), run: TimeDistribution(), slot: .milliseconds(50), slots: 3)
                for field in try await system.client.hash(keys.history) {
                    times[field.field, default: []].insert(try #require(HistorySample(field.value)).time)
                }
            }
            #expect(times.keys.sorted() == ["000", "001", "002"])
        }
    }

    @Test func whatIsOlderThanAnHourIsNotTold() async throws {
        try await QueueSystem.run { system in
            let keys = QueueKeys(queue: "celery")
            let now = try await system.client.send(RedisCommand("TIME")).serverTime.milliseconds
            // The younger one is in the middle of the hour: the test may take its time.
            for (field, minutes) in [("000", 61), ("001", 30)] {
                let sample = #"{"at":\#(now - minutes * 60_000),"waiting":\#(minutes)}"#
                _ = try await system.client.send(RedisCommand("HSET", keys.history, field, sample))
            }
            let history = try await QueueInspector(client: system.client, queue: "celery").history()
            #expect(history.map(\.waiting) == [30])
        }
    }
}
