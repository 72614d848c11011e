import Logging
import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// Dead letters in a real server of the test's own, written as `bury.lua` keeps them.
@Suite(.timeLimit(.minutes(5))) struct DeadLettersTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let keys = QueueKeys(queue: "celery")

    private struct System {
        let redis: RedisConfiguration
        let client: RedisClient
        let dead: DeadLetters
    }

    private func withSystem(_ body: (System) async throws -> Void) async throws {
        let server = try await RedisServer.start()
        let redis = RedisConfiguration(url: try RedisURL(server.url(database: 3)))
        let client = RedisClient(redis, logger: logger)
        try await client.whileRunning {
            try await body(
                System(
                    redis: redis, client: client, dead: QueueInspector(client: client, queue: "celery").deadLetters))
        }
    }

    /// A message of Celery's form.
    private func message(
        _ id: String, headers: String = #""retries":0"#, priority: Int = 0, body: String = #"[["secret"],{},{}]"#
    ) throws -> [UInt8] {
        let body = String(decoding: JSONString.encode(body), as: UTF8.self)
        return Array(
            (#"{"body":\#(body),"content-encoding":"utf-8","content-type":"application/json","#
                + #""headers":{"lang":"py","task":"note","id":"\#(id)","argsrepr":"secret",\#(headers)},"#
                + #""properties":{"priority":\#(priority),"delivery_tag":"old","x-kept":1}}"#).utf8)
    }

    private func bury(
        _ raw: [UInt8], as id: String, reason: String = "test", task: String? = "note", at milliseconds: Int = 1000,
        in system: System
    ) async throws {
        let report = DeathReport(
            reason: reason, message: "it failed", task: task, taskID: nil, attempts: 1, worker: "w",
            time: WireTime(microseconds: milliseconds * 1000))
        _ = try await system.client.send([
            RedisCommand("ZADD", keys.dead, milliseconds, id), RedisCommand("HSET", keys.deadMessages, id, raw),
            RedisCommand("HSET", keys.deadDetails, id, report.encoded()),
        ])
    }

    private func waiting(_ system: System, _ band: PriorityBand = .urgent) async throws -> [[UInt8]] {
        try await system.client.listElements(band.list(of: "celery"), from: 0, to: -1)
    }

    private func statistic(_ system: System, _ name: String) async throws -> Int {
        try await system.client.send(RedisCommand("HGET", keys.statistics, name)).optional?.integer ?? 0
    }

    // MARK: - Looking

    @Test func listsTheNewestFirstAndFilters() async throws {
        try await withSystem { system in
            let dead = system.dead
            #expect(try await dead.list(limit: 10).isEmpty)
            try await bury(message("1"), as: "a", reason: "poison", at: 1000, in: system)
            try await bury(message("2"), as: "b", reason: "throttled", at: 2000, in: system)
            try await bury(message("3"), as: "c", reason: "throttled", task: "other", at: 3000, in: system)
            #expect(try await dead.list(limit: 10).map(\.id) == ["c", "b", "a"])
            #expect(try await dead.list(limit: 2).map(\.id) == ["c", "b"])
            let two = WireTime(microseconds: 2_000_000)
            for (filter, ids) in [
                (DeadLetterFilter(reason: "throttled"), ["c", "b"]), (DeadLetterFilter(task: "note"), ["b", "a"]),
                (DeadLetterFilter(after: two), ["c", "b"]), (DeadLetterFilter(before: two), ["a"]),
                (DeadLetterFilter(reason: "throttled", task: "note"), ["b"]), (DeadLetterFilter(reason: "no"), []),
            ] {
                #expect(try await dead.list(filter, limit: 10).map(\.id) == ids)
                #expect(try await dead.count(filter) == ids.count)
            }
            #expect(try await dead.count() == 3)
        }
    }

    @Test func showsTheHeadersAndNothingOfTheArguments() async throws {
        try await withSystem { system in
            let headers =
                #""retries":3,"eta":"2020-01-01T00:00:00Z","expires":"2020-01-02T00:00:00Z","origin":"gen1@host","#
                + #""x-redeliveries":2,"kwargsrepr":"secret","argsrepr":"secret""#
            try await bury(message("17", headers: headers, priority: 6), as: "a", in: system)
            let details = try #require(try await system.dead.letter("a"))
            #expect(
                details.headers
                    == MessageHeaders(
                        task: "note", id: "17", retries: 3, eta: "2020-01-01T00:00:00Z",
                        expires: "2020-01-02T00:00:00Z", priority: 6, origin: "gen1@host", redeliveries: 2))
            #expect(details.isExpired)
            #expect(details.letter.reason == "test")
            #expect(!"\(details)".contains("secret"))
            #expect(try await system.dead.letter("b") == nil)
            try await bury(Array("{broken".utf8), as: "b", in: system)
            let broken = try #require(try await system.dead.letter("b"))
            #expect(broken.headers == nil && broken.size == 7 && !broken.isExpired)
        }
    }

    // MARK: - Retrying

    @Test func aRetriedLetterStartsAnewAtTheEndOfItsLine() async throws {
        try await withSystem { system in
            let headers = #""retries":20,"eta":"2099-01-01T00:00:00Z","x-redeliveries":6,"x-kept":"yes""#
            _ = try await system.client.send(RedisCommand("LPUSH", PriorityBand.low.list(of: "celery"), "before"))
            try await bury(message("1", headers: headers, priority: 7), as: "a", in: system)
            let result = try await system.dead.retry(.ids(["a", "no", "a"]))
            #expect(result.retried == 1 && result.expired == 0 && result.missing == ["no"])
            let line = try await waiting(system, .low)
            #expect(line.count == 2 && line.last == Array("before".utf8))
            let again = try TaskMessage(try #require(line.first))
            #expect(again.id == "1" && again.retries == 0 && again.redeliveries == 0 && again.eta == nil)
            #expect(again.earlierAttempts == 21)
            let json = try JSONText(again.raw)
            #expect(json["headers"]?["x-kept"]?.string == "yes")
            #expect(json["properties"]?["x-kept"]?.integer == 1)
            #expect(json["properties"]?["delivery_tag"]?.string != "old")
            #expect(json["body"]?.string == #"[["secret"],{},{}]"#)
            #expect(try await system.dead.count() == 0)
            #expect(try await system.client.exists(keys.deadMessages) == false)
            #expect(try await system.client.exists(keys.deadDetails) == false)
            #expect(try await statistic(system, "revived") == 1)
        }
    }

    @Test func whatNobodyKnowsTheEndOfKeepsTheNumberOfItsAttempt() async throws {
        try await withSystem { system in
            let headers = #""retries":2,"x-earlier-attempts":4"#
            try await bury(message("1", headers: headers), as: "a", reason: "unknown", in: system)
            try await bury(message("2", headers: headers), as: "b", reason: "retries-exhausted", in: system)
            #expect(try await system.dead.retry(.all).retried == 2)
            let again = try await waiting(system).map { try TaskMessage($0) }
            #expect(Dictionary(uniqueKeysWithValues: again.map { ($0.id, $0.earlierAttempts) }) == ["1": 6, "2": 7])
        }
    }

    @Test func anExpiredLetterIsLeftAndCounted() async throws {
        try await withSystem { system in
            let now = WireTime.now
            for (id, seconds) in [("past", -1), ("future", 60)] {
                let headers = #""retries":0,"expires":"\#(now.adding(.seconds(seconds)).text)""#
                try await bury(message(id, headers: headers), as: id, in: system)
            }
            let result = try await system.dead.retry(.all, now: now)
            #expect(result.retried == 1 && result.expired == 1)
            #expect(try await system.dead.list(limit: 10).map(\.id) == ["past"])
            #expect(try TaskMessage(try #require(try await waiting(system).first)).id == "future")
            #expect(try await system.dead.retry(.ids(["past"]), now: now).expired == 1)
        }
    }

    @Test func whatCannotBeReadGoesBackUntouched() async throws {
        try await withSystem { system in
            // The last is of protocol 1, whose task stands in the body.
            let unreadable: [[UInt8]] = [
                [0xFF, 0xFE, 0], Array("{broken \u{0}json".utf8), Array(#" {"headers": {}, "body": ""} "#.utf8),
            ]
            for (index, raw) in unreadable.enumerated() {
                try await bury(raw, as: "\(index)", at: 1000 + index, in: system)
            }
            #expect(try await system.dead.retry(.all).retried == 3)
            #expect(try await waiting(system) == unreadable.reversed(), "the oldest is taken first")
        }
    }

    @Test func whatNoWorkerOfOursCanRunStartsAnewToo() async throws {
        try await withSystem { system in
            try await bury(try Sample.message("serializer_pickle"), as: "a", in: system)
            #expect(try await system.dead.retry(.ids(["a"])).retried == 1)
            let before = try JSONText(try Sample.message("serializer_pickle"))
            let after = try JSONText(try #require(try await waiting(system).first))
            #expect(before["body"]?.string == after["body"]?.string)
            #expect(before["headers"]?["id"]?.string == after["headers"]?["id"]?.string)
        }
    }

    @Test func onlyWhatTheFilterLetsThroughIsRetried() async throws {
        try await withSystem { system in
            try await bury(message("1"), as: "a", reason: "poison", in: system)
            try await bury(message("2"), as: "b", reason: "throttled", in: system)
            #expect(try await system.dead.retry(.matching(DeadLetterFilter(reason: "throttled"))).retried == 1)
            #expect(try await system.dead.list(limit: 10).map(\.id) == ["a"])
        }
    }

    @Test(arguments: [true, false])
    func manyLettersGoInPortionsAlsoWhenTheyDiedInOneMillisecond(_ inOneMillisecond: Bool) async throws {
        try await withSystem { system in
            let number = 3 * DeadLetterWalk.pageSize + 1
            for index in 0..<number {
                try await bury(
                    message("\(index)"), as: "\(index)", reason: index.isMultiple(of: 2) ? "even" : "odd",
                    at: inOneMillisecond ? 1000 : 1000 + index, in: system)
            }
            #expect(Set(try await system.dead.list(limit: number * 2).map(\.id)).count == number)
            #expect(try await system.dead.count(DeadLetterFilter(reason: "odd")) == number / 2)
            var steps: [Int] = []
            let result = try await system.dead.retry(.matching(DeadLetterFilter(reason: "odd"))) { examined, total in
                steps.append(examined)
                #expect(total == number)
            }
            #expect(result.retried == number / 2)
            #expect(steps.count == 4 && steps.last == number)
            #expect(try await system.dead.count() == number / 2 + 1)
            #expect(try await system.dead.retry(.all).retried == number / 2 + 1)
            let ids = Set(try await waiting(system).map { try TaskMessage($0).id })
            #expect(ids.count == number)
            #expect(try await waiting(system).count == number)
        }
    }

    @Test func twoWhoRetryAtOnceDoubleNothing() async throws {
        try await withSystem { system in
            let number = 2 * DeadLetterWalk.pageSize
            for index in 0..<number { try await bury(message("\(index)"), as: "\(index)", at: index, in: system) }
            let other = RedisClient(system.redis, logger: logger)
            try await other.whileRunning {
                let others = QueueInspector(client: other, queue: "celery").deadLetters
                async let first = system.dead.retry(.all)
                async let second = others.retry(.ids((0..<number).map(String.init)))
                let (one, two) = try await (first, second)
                #expect(one.retried + two.retried == number)
                #expect(one.missing.isEmpty && two.missing.count == one.retried)
            }
            #expect(try await waiting(system).count == number)
            #expect(try await statistic(system, "revived") == number)
        }
    }

    @Test(arguments: [true, false])
    func aWalkMeetsWhatStaysOnceAndNothingThatDiesMeanwhile(_ newestFirst: Bool) async throws {
        try await withSystem { system in
            let size = DeadLetterWalk.pageSize
            // Three to a millisecond, so that pages end between letters of the same time.
            let ids = (0..<size * 2 + 50).map { "\(1000 + $0)" }
            for (index, id) in ids.enumerated() { try await bury([], as: id, at: 5000 + index / 3, in: system) }
            var walk = try await DeadLetterWalk(
                client: system.client, keys: keys, scripts: QueueScripts(), filter: .all, newestFirst: newestFirst)
            try await bury([], as: "new", at: 9000, in: system)
            var met: [String] = []
            while let letters = try await walk.next() {
                met += letters.map(\.id)
                // Also the last one, where the next page begins.
                _ = try await system.dead.delete(.ids(letters.suffix(7).map(\.id)))
            }
            #expect(walk.total == ids.count)
            if newestFirst {
                #expect(met == (ids + ["new"]).reversed().dropLast())
            } else {
                #expect(met == ids)
            }
            #expect(try await system.dead.count() == ids.count + 1 - 3 * 7)
        }
    }

    @Test func aPeriodKeepsItsBoundsWhileLettersGo() async throws {
        try await withSystem { system in
            for index in 0..<10 { try await bury([], as: "\(index)", at: 1000 * index, in: system) }
            let period = DeadLetterFilter(
                after: WireTime(microseconds: 3_000_000), before: WireTime(microseconds: 7_000_000))
            for newestFirst in [true, false] {
                var walk = try await DeadLetterWalk(
                    client: system.client, keys: keys, scripts: QueueScripts(), filter: period, newestFirst: newestFirst
                )
                #expect(walk.total == 4)
                let met = try await walk.next()?.map(\.id)
                #expect(met == (newestFirst ? ["6", "5", "4", "3"] : ["3", "4", "5", "6"]))
            }
            var walk = try await DeadLetterWalk(
                client: system.client, keys: keys, scripts: QueueScripts(), filter: period)
            _ = try await system.dead.delete(.ids(["4", "5"]))
            #expect(try await walk.next()?.map(\.id) == ["3", "6"])
            #expect(try await system.dead.delete(.matching(period)).deleted == 2)
            #expect(try await system.dead.list(limit: 10).map(\.id) == ["9", "8", "7", "2", "1", "0"])
        }
    }

    // MARK: - Deleting

    @Test func deletesByIDByFilterAndAll() async throws {
        try await withSystem { system in
            for (id, reason) in [("a", "x"), ("b", "y"), ("c", "y"), ("d", "x"), ("e", "x")] {
                try await bury(message(id), as: id, reason: reason, in: system)
            }
            let one = try await system.dead.delete(.ids(["a", "no"]))
            #expect(one.deleted == 1 && one.missing == ["no"])
            #expect(try await system.dead.delete(.matching(DeadLetterFilter(reason: "y"))).deleted == 2)
            #expect(Set(try await system.dead.list(limit: 10).map(\.id)) == ["d", "e"])
            #expect(try await system.dead.delete(.all).deleted == 2)
            #expect(try await statistic(system, "dead_deleted") == 5)
            #expect(try await waiting(system).isEmpty)
            for key in [keys.dead, keys.deadMessages, keys.deadDetails] {
                #expect(try await system.client.exists(key) == false)
            }
        }
    }

    // MARK: - Bounds

    @Test func theOldestGoWhenThereAreTooManyAndAreCounted() async throws {
        try await withSystem { system in
            var configuration = WorkerConfiguration(broker: system.redis, name: "test@here")
            configuration.deadLetterLimits.number = 2
            configuration.deadLetterLimits.age = .seconds(3600)
            try await bury(message("old"), as: "too old", at: 1000, in: system)
            let worker = TaskWorker(configuration, registry: TaskRegistry(), logger: logger)
            async let _: Void = worker.run()
            for index in 1...4 { _ = try await system.client.send(RedisCommand("LPUSH", "celery", "{broken\(index)")) }
            try await eventually("all are buried") { try await statistic(system, "dead") == 4 }
            #expect(try await system.dead.count() == 2)
            #expect(try await system.client.send(RedisCommand("HLEN", keys.deadMessages)).integer == 2)
            #expect(try await system.client.send(RedisCommand("HLEN", keys.deadDetails)).integer == 2)
            #expect(try await statistic(system, "dead_dropped") == 3)
        }
    }

    @Test func anOldOneGoesAlsoWhenNoOtherOneCame() async throws {
        try await withSystem { system in
            try await bury(message("old"), as: "too old", at: 1000, in: system)
            let configuration = WorkerConfiguration(broker: system.redis, name: "test@here")
            let worker = TaskWorker(configuration, registry: TaskRegistry(), logger: logger)
            async let _: Void = worker.run()
            try await eventually("it is dropped") { try await statistic(system, "dead_dropped") == 1 }
            for key in [keys.dead, keys.deadMessages, keys.deadDetails] {
                #expect(try await system.client.exists(key) == false)
            }
        }
    }
}
