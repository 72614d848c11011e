import Logging
import RedisClient
import ServiceLifecycle
import TestSupport
import Testing

@testable import TaskQueue

/// A worker against a real server of the test's own.
@Suite(.timeLimit(.minutes(5))) struct WorkerTests {
    @Test func runsTasksOfAllBandsAndLeavesNothingBehind() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            for priority in 0...9 {
                try await system.producer.enqueue(note, Note(text: "\(priority)"), priority: priority)
            }
            #expect(try await system.server.cli("LLEN", "celery\u{06}\u{16}3", database: 3) == "3")
            try await system.running(recording(journal)) { _ in
                try await eventually("all run") { try await system.statistic("succeeded") == 10 }
            }
            #expect(Set(journal.texts) == Set((0...9).map(String.init)))
            #expect(try await system.server.cli("KEYS", "*", database: 3) == "{celery}:stats")
        }
    }

    @Test func aMessageWakesAnIdleWorker() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("the worker waits, blocked") {
                    try await system.server.cli("INFO", "clients").contains("blocked_clients:4")
                }
                try await system.producer.enqueue(note, Note(text: "urgent"))
                try await eventually("it ran") { journal.texts == ["urgent"] }
                try await system.producer.enqueue(note, Note(text: "lowest"), priority: 9)
                try await eventually("it ran") { journal.texts == ["urgent", "lowest"] }
            }
        }
    }

    @Test func whatCannotBeRunGoesToTheDeadLettersUntouched() async throws {
        try await QueueSystem.run { system in
            let unreadable: [([UInt8], String)] = [
                (Array("{broken \u{0}json".utf8), "malformed"), ([0xFF, 0xFE, 0], "malformed"),
                (try Sample.message("serializer_pickle"), "content-type"),
                (try Sample.message("default"), "unknown-task"),
                (try Sample.message("chord"), "unknown-task"),
            ]
            for (raw, _) in unreadable { _ = try await system.client.send(RedisCommand("LPUSH", "celery", raw)) }
            try await system.running(registry { _, _ in 0 }) { _ in
                try await eventually("all are buried") { try await system.statistic("dead") == unreadable.count }
                try await system.producer.enqueue(note, Note(text: "still alive"))
                try await eventually("the worker goes on") { try await system.statistic("succeeded") == 1 }
            }
            let ids = try await system.client.send(RedisCommand("ZRANGE", "{celery}:dead", 0, -1)).array
            var found: [([UInt8], String)] = []
            for id in ids {
                let id = try id.text
                let message = try await system.client.send(RedisCommand("HGET", "{celery}:dead:messages", id)).bytes
                let details = try await system.client.send(RedisCommand("HGET", "{celery}:dead:details", id)).bytes
                found.append((message, try #require(try JSONText(details)["reason"]?.string)))
            }
            for (raw, reason) in unreadable { #expect(found.contains { $0.0 == raw && $0.1 == reason }, "\(reason)") }
        }
    }

    @Test func expiredTasksAreCountedAndNotRun() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.producer.enqueue(
                note, Note(text: "late"), expires: .seconds(60), now: WireTime.now.adding(.seconds(-61)))
            try await system.running(recording(journal)) { _ in
                try await eventually("it is counted") { try await system.statistic("expired") == 1 }
            }
            #expect(journal.texts.isEmpty)
        }
    }

    @Test func retriesUntilItWorksAndGivesUpInTheEnd() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumRetries = 2
            task.options.backoff.first = .milliseconds(10)
            let journal = Journal()
            try await system.running(

                registry(task) { note, context in
                    journal.add("\(note.text)\(context.retries)")
                    if note.text == "never" || context.retries < 2 { throw TaskRetry("not now") }
                    return 0
                }
            ) { _ in
                try await system.producer.enqueue(task, Note(text: "third"))
                try await eventually("the third attempt works") { try await system.statistic("succeeded") == 1 }
                try await system.producer.enqueue(task, Note(text: "never"))
                try await eventually("it is given up") { try await system.statistic("dead") == 1 }
            }
            #expect(journal.texts == ["third0", "third1", "third2", "never0", "never1", "never2"])
            #expect(try await system.statistic("retried") == 4)
        }
    }

    @Test func aRetryThatWouldComeAfterTheExpiryIsNotScheduled() async throws {
        try await QueueSystem.run { system in
            try await system.producer.enqueue(note, Note(text: "x"), expires: .seconds(30))
            try await system.running(
                registry { _, _ in throw TaskRetry("later", after: .seconds(60)) }
            ) { _ in
                try await eventually("it is counted as expired") { try await system.statistic("expired") == 1 }
            }
            #expect(try await system.client.exists("{celery}:scheduled") == false)
        }
    }

    @Test func countdownHoldsATaskBack() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await system.producer.enqueue(note, Note(text: "second"), countdown: .seconds(3))
                try await eventually("it is scheduled") { try await system.statistic("scheduled") == 1 }
                try await system.producer.enqueue(note, Note(text: "first"))
                try await eventually("both ran") { journal.texts == ["first", "second"] }
            }
        }
    }

    @Test func aDeadWorkersMessagesComeBackAndAPoisonPillDoesNot() async throws {
        try await QueueSystem.run { system in
            let keys = QueueKeys(queue: "celery")
            try await system.producer.enqueue(note, Note(text: "good"))
            let good = try await system.client.send(RedisCommand("RPOP", "celery")).bytes
            let bad = try TaskMessage(good).republished(redeliveries: 5)
            let claimed = keys.claimed(by: "dead@there:1")
            _ = try await system.client.send(
                RedisCommand("HSET", claimed, "1", good, "2", bad, "3", "not json", "1:sent", "1"))
            _ = try await system.client.send(RedisCommand("LPUSH", keys.arriving(at: "dead@there:1"), good))
            _ = try await system.client.send(RedisCommand("ZADD", keys.workers, 1, "dead@there:1"))
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("the claimed and the arrived one ran") { journal.texts == ["good", "good"] }
                try await eventually("two are buried") { try await system.statistic("dead") == 2 }
            }
            #expect(try await system.server.cli("HVALS", "{celery}:dead:details", database: 3).contains("poison"))
            #expect(try await system.server.cli("ZCARD", "{celery}:workers", database: 3) == "0")
        }
    }

    @Test func whoLostItsClaimDoesNotPassTheFence() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.producer.enqueue(note, Note(text: "x"))
            try await system.running(

                registry { note, context in
                    // What a takeover does while this worker hangs.
                    let worker = try await system.client.send(RedisCommand("ZRANGE", "{celery}:workers", 0, 0)).array[0]
                    _ = try await system.client.send(RedisCommand("DEL", "{celery}:claimed:\(try worker.text)"))
                    journal.add("before")
                    try await context.confirmClaim()
                    journal.add("sent")
                    return 0
                }
            ) { worker in
                try await eventually("the task ended") { journal.texts == ["before"] && worker.runningTasks == 0 }
            }
            #expect(journal.texts == ["before"])
            #expect(try await system.statistic("succeeded") == 0)
        }
    }

    @Test func aClaimThatWasLeftInPlaceIsTakenUpAgain() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.producer.enqueue(note, Note(text: "x"))
            try await system.running(

                registry { _, context in
                    // The lease ran out while this worker hung, and nobody took over: the first attempt must not go on.
                    if journal.texts.isEmpty {
                        _ = try await system.client.send(RedisCommand("DEL", "{celery}:workers"))
                    }
                    journal.add("before")
                    try await context.confirmClaim()
                    journal.add("sent")
                    return 0
                }
            ) { _ in
                try await eventually("it is settled") { try await system.statistic("succeeded") == 1 }
            }
            #expect(journal.texts == ["before", "before", "sent"])
        }
    }

    @Test func aClaimWhoseReplyWasLostIsTakenUpAgain() async throws {
        try await QueueSystem.run {
            $0.concurrency = 1
            $0.broker.commandTimeout = .seconds(1)
        } _: { system in
            let journal = Journal()
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            try await system.producer.enqueue(note, Note(text: "first"))
            try await system.running(

                registry { note, _ in
                    journal.add(note.text)
                    if note.text == "first" { for await _ in release {} }
                    return 0
                }
            ) { worker in
                try await eventually("the only place is taken") { journal.texts == ["first"] }
                // The claim that follows is sent to a server that does not answer in time, but does its work later.
                try await system.producer.enqueue(note, Note(text: "second"))
                system.server.pause()
                mayEnd.finish()
                try await eventually("the worker knows") { !worker.isConsuming }
                system.server.resume()
                try await eventually("both are settled") { (try? await system.statistic("succeeded")) == 2 }
            }
            #expect(journal.texts == ["first", "second"])
        }
    }

    @Test func aMessageWhoseArrivalNobodyHeardOfIsTakenAllTheSame() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.producer.enqueue(note, Note(text: "arrived"))
            let message = try await system.client.send(RedisCommand("RPOP", "celery")).bytes
            try await system.running(recording(journal)) { worker in
                try await eventually("the worker waits, blocked") {
                    try await system.server.cli("INFO", "clients").contains("blocked_clients:4")
                }
                // What BLMOVE does when its reply is lost with the connection.
                _ = try await system.client.send(
                    RedisCommand("LPUSH", QueueKeys(queue: "celery").arriving(at: worker.id), message))
                try await eventually("it ran") { journal.texts == ["arrived"] }
            }
        }
    }

    @Test func aLivingWorkersClaimIsNotBuriedByOthers() async throws {
        try await QueueSystem.run { system in
            let keys = QueueKeys(queue: "celery")
            let owner = Broker(
                keys: keys, worker: "owner", client: system.client, deadLetterLimits: DeadLetterLimits())
            let other = Broker(
                keys: keys, worker: "other", client: system.client, deadLetterLimits: DeadLetterLimits())
            try await system.producer.enqueue(note, Note(text: "x"))
            try await owner.renewLease()
            guard case .claimed(let claims, _) = try await owner.claim(atMost: 1), let claim = claims.first else {
                return #expect(Bool(false), "nothing was claimed")
            }
            let report = DeathReport(
                reason: "poison", message: "", task: nil, taskID: nil, attempts: 1, worker: "owner", time: .now)
            #expect(try await other.bury(claim, of: "owner", report) == false)
            #expect(try await owner.passFence(claim, attempt: 1, expires: .now.adding(.seconds(60))) == .passed)
            #expect(try await owner.passFence(claim, attempt: 1, expires: .now) == .expired)
            _ = try await system.client.send(RedisCommand("ZADD", keys.workers, 1, "owner"))
            #expect(try await owner.passFence(claim, attempt: 1) == .claimLost)
            #expect(try await other.bury(claim, of: "owner", report))
        }
    }

    @Test func whatOneHasNoPlaceForIsThereForOthers() async throws {
        try await QueueSystem.run { system in
            let broker = Broker(keys: QueueKeys(queue: "celery"), worker: "owner", client: system.client)
            try await broker.renewLease()
            try await system.producer.enqueue(note, many: ["first", "second", "third"].map(Note.init))
            for _ in 1...2 {
                _ = try await system.client.send(
                    RedisCommand("LMOVE", "celery", broker.keys.arriving(at: "owner"), "RIGHT", "LEFT"))
            }
            guard case .claimed(let claims, _) = try await broker.claim(atMost: 1) else {
                return #expect(Bool(false), "nothing was claimed")
            }
            #expect(claims.map { String(decoding: $0.message, as: UTF8.self).contains("first") } == [true])
            #expect(try await system.client.exists(broker.keys.arriving(at: "owner")) == false)
            let waiting = try await QueueInspector(client: system.client, queue: "celery").waiting(limit: 9)
            #expect(waiting.count == 2)
            guard case .claimed(let next, _) = try await broker.claim(atMost: 1) else {
                return #expect(Bool(false), "nothing was claimed")
            }
            #expect(next.map { String(decoding: $0.message, as: UTF8.self).contains("second") } == [true])
        }
    }

    @Test func whatIsDueAtOnceKeepsItsOrderHoweverMuchItIs() async throws {
        try await QueueSystem.run { system in
            let broker = Broker(keys: QueueKeys(queue: "celery"), worker: "owner", client: system.client)
            let count = Broker.largestPromotion * 2 + 1
            for number in 1...count {
                _ = try await system.client.send(RedisCommand("ZADD", broker.keys.scheduled, number, "{\(number)}"))
            }
            var steps = 0
            repeat { steps += 1 } while try await broker.promote().due != nil
            #expect(steps == 3)
            let taken = try await system.client.send(RedisCommand("RPOP", "celery", count)).array.map { try $0.text }
            #expect(taken == (1...count).map { "{\($0)}" })
        }
    }

    @Test func aVeryLongTimeIsNoneThatCannotBeCounted() async throws {
        try await QueueSystem.run {
            $0.deadLetterLimits.age = .seconds(Int64.max)
        } _: { system in
            var task = note
            task.options.maximumRetries = 1
            try await system.producer.enqueue(task, Note(text: "x"))
            try await system.running(registry(task) { _, _ in throw TaskRetry("never", after: .seconds(Int64.max)) }) {
                _ in
                try await eventually("it is scheduled") { try await system.statistic("retried") == 1 }
            }
        }
    }

    /// Ten seconds after a worker has died, its messages are back: its lease has run out, and somebody has looked.
    @Test func theTimesAddUpToThePromiseOfTenSeconds() {
        #expect(Broker.lease + Takeover.period < .seconds(10))
        #expect(Broker.longestArrivalWait + Broker.leaseRenewal < Broker.lease)
    }

    @Test func whatABodyDecidesWhileItsWorkerStopsCounts() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            let worker = TaskWorker(
                system.configuration,
                registry: registry { _, context in
                    try await context.confirmClaim()
                    journal.add("sent")
                    try? await Task.sleep(for: .seconds(3600))
                    throw TaskHold("the gateway has not answered")
                }, logger: QueueSystem.logger)
            let running = Task { await worker.run() }
            try await system.producer.enqueue(note, Note(text: "x"))
            try await eventually("it runs") { journal.texts == ["sent"] }
            running.cancel()
            await running.value
            #expect(try await system.statistic("dead") == 1)
            #expect(try await system.client.exists("celery") == false)
        }
    }

    @Test func whatCannotFollowIsNotSentAgainAndAgain() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("SADD", "no-list", "x"))
            func link(_ queue: String) -> String {
                #"{\"task\":\"next\",\"args\":[],\"kwargs\":{},\"options\":{\"queue\":\"\#(queue)\"}}"#
            }
            let links = "\(link("elsewhere")),\(link("no-list"))"
            let message =
                #"{"body":"[[\"x\"],{},{\"callbacks\":[\#(links)]}]","content-type":"application/json","headers":{"task":"note","id":"1"}}"#
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", message))
            try await system.running(registry { _, _ in 0 }) { _ in
                try await eventually("it is a dead letter") { try await system.statistic("dead") == 1 }
            }
            #expect(try await system.client.exists("elsewhere") == false)
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 2)
            #expect(letters.map(\.reason) == ["canvas"])
        }
    }

    @Test func anAbsurdCountKillsNobody() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            let message =
                #"{"body":"[[\"big\"],{},{}]","content-type":"application/json","headers":{"task":"note","id":"1","retries":9223372036854775807,"x-redeliveries":9223372036854775807}}"#
            try await system.running(

                registry { note, context in
                    try await context.confirmClaim()
                    journal.add(note.text)
                    throw TaskRetry("no")
                }
            ) { _ in
                _ = try await system.client.send(RedisCommand("LPUSH", "celery", message))
                try await eventually("it is given up") { try await system.statistic("dead") == 1 }
            }
            #expect(journal.texts == ["big"])
        }
    }

    @Test func stoppingFinishesWhatRunsAndGivesBackTheRestInOrder() async throws {
        try await QueueSystem.run {
            $0.concurrency = 1
        } _: { system in
            for text in ["1", "2", "3"] { try await system.producer.enqueue(note, Note(text: text)) }
            let journal = Journal()
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            let worker = TaskWorker(
                system.configuration,
                registry: registry { note, _ in
                    hasStarted.finish()
                    for await _ in release {}
                    journal.add(note.text)
                    return 0
                }, logger: QueueSystem.logger)
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: worker)], logger: QueueSystem.logger))
            async let ended: Void = group.run()
            for await _ in started {}
            await group.triggerGracefulShutdown()
            try await eventually("the worker was told to stop") { worker.isStopping }
            mayEnd.finish()
            try await ended
            #expect(journal.texts == ["1"])
            var waiting: [String] = []
            for raw in try await system.client.send(RedisCommand("LRANGE", "celery", 0, -1)).array {
                waiting.append(try ArgumentCoding.decode(Note.self, from: TaskMessage(try raw.bytes)).text)
            }
            #expect(waiting == ["3", "2"], "taken from the right: the old order")
            #expect(try await system.server.cli("KEYS", "{celery}:[cw]*", database: 3).isEmpty)
        }
    }

    @Test func cancellingGivesBackWhatRuns() async throws {
        try await QueueSystem.run { system in
            try await system.producer.enqueue(note, Note(text: "long"))
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            let worker = TaskWorker(
                system.configuration,
                registry: registry { _, _ in
                    hasStarted.finish()
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }, logger: QueueSystem.logger)
            let running = Task { await worker.run() }
            for await _ in started {}
            running.cancel()
            await running.value
            #expect(try await system.server.cli("LLEN", "celery", database: 3) == "1")
            #expect(try await system.server.cli("KEYS", "{celery}:[cw]*", database: 3).isEmpty)
        }
    }

    @Test func aPausedQueueIsLeftAlone() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            _ = try await system.client.send(RedisCommand("SET", "{celery}:paused", "1"))
            try await system.running(recording(journal)) { worker in
                try await system.producer.enqueue(note, Note(text: "x"))
                try await eventually("the worker looked") { worker.isConsuming }
                #expect(try await system.server.cli("LLEN", "celery", database: 3) == "1")
                _ = try await system.client.delete("{celery}:paused")
                try await eventually("it runs after the pause") { journal.texts == ["x"] }
            }
        }
    }

    @Test func goesOnAfterRedisWasKilledAndCameBack() async throws {
        try await QueueSystem.run { system in
            let journal = Journal()
            try await system.running(

                registry { note, context in
                    try await context.confirmClaim()
                    journal.add(note.text)
                    return 0
                }
            ) { _ in
                try await system.producer.enqueue(note, Note(text: "before"))
                try await eventually("it ran") { journal.texts == ["before"] }
                system.server.kill()
                try await system.server.restart()
                try await eventually("the broker takes messages again") {
                    (try? await system.producer.enqueue(note, Note(text: "after"))) != nil
                }
                try await eventually("the worker runs again") { journal.texts.contains("after") }
            }
        }
    }

    @Test func atMostOnceLetsGoBeforeItRuns() async throws {
        try await QueueSystem.run {
            $0.acknowledgement = .early
        } _: { system in
            try await system.producer.enqueue(note, Note(text: "x"))
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            try await system.running(

                registry { _, _ in
                    hasStarted.finish()
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }
            ) { _ in
                for await _ in started {}
                try await eventually("it is let go") { try await system.statistic("acknowledged_early") == 1 }
            }
            #expect(try await system.server.cli("LLEN", "celery", database: 3) == "0")
        }
    }

    @Test func whatFailsAfterItWasLetGoIsNeitherRetriedNorKept() async throws {
        try await QueueSystem.run {
            $0.acknowledgement = .early
        } _: { system in
            let journal = Journal()
            try await system.producer.enqueue(note, many: [Note(text: "bad"), Note(text: "good")])
            try await system.running(
                registry { note, _ in
                    journal.add(note.text)
                    if note.text == "bad" { throw TaskRetry("not now") }
                    return 0
                }
            ) { worker in
                try await eventually("both ran") { journal.texts.count == 2 && worker.runningTasks == 0 }
            }
            for counter in ["succeeded", "retried", "dead"] { #expect(try await system.statistic(counter) == 0) }
            #expect(try await system.server.cli("KEYS", "*", database: 3) == "{celery}:stats")
        }
    }

    @Test func aTaskThatHeedsNoCancellationKeepsNobodysMessages() async throws {
        try await QueueSystem.run {
            $0.concurrency = 1
            $0.grace = .milliseconds(1)
        } _: { system in
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            try await system.producer.enqueue(note, many: [Note(text: "deaf"), Note(text: "next")])
            let worker = TaskWorker(
                system.configuration,
                registry: registry { _, _ in
                    hasStarted.finish()
                    await Task { for await _ in release {} }.value
                    return 0
                }, logger: QueueSystem.logger)
            let running = Task { await worker.run() }
            for await _ in started {}
            running.cancel()
            await running.value
            #expect(try await system.server.cli("LLEN", "celery", database: 3) == "2")
            #expect(try await system.server.cli("KEYS", "{celery}:[cw]*", database: 3).isEmpty)
            mayEnd.finish()
        }
    }

    @Test func whatComesToAWorkerWithoutAFreePlaceGoesBack() async throws {
        try await QueueSystem.run {
            $0.concurrency = 1
        } _: { system in
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            let journal = Journal()
            try await system.running(
                registry { note, _ in
                    journal.add(note.text)
                    if note.text == "long" { for await _ in release {} }
                    return 0
                }
            ) { worker in
                try await eventually("the worker waits, blocked, on all bands") {
                    try await system.server.cli("INFO", "clients").contains("blocked_clients:4")
                }
                try await system.producer.enqueue(note, Note(text: "long"))
                try await eventually("it runs") { journal.texts == ["long"] }
                // The other bands are still waited for.
                try await system.producer.enqueue(note, Note(text: "other"), priority: 9)
                try await eventually("it waits for another worker") {
                    let arriving = QueueKeys(queue: "celery").arriving(at: worker.id)
                    guard try await system.client.exists(arriving) == false else { return false }
                    return try await system.server.cli("LLEN", "celery\u{06}\u{16}9", database: 3) == "1"
                }
                mayEnd.finish()
                try await eventually("both ran") { journal.texts == ["long", "other"] }
            }
        }
    }
}
