import Logging
import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct SenderTests {
    @Test func manyTasksKeepTheirOrderAndTheirIDs() async throws {
        try await QueueSystem.run { system in
            let notes = (0..<2500).map { Note(text: "\($0)") }
            let ids = try await system.producer.enqueue(note, many: notes)
            #expect(Set(ids).count == notes.count)
            let raw = try await system.client.listElements("celery", from: 0, to: -1)
            let messages = try raw.reversed().map { try TaskMessage($0) }
            #expect(messages.map(\.id) == ids.map(\.text))
            #expect(try messages.map { try ArgumentCoding.decode(Note.self, from: $0).text } == notes.map(\.text))
            #expect(try await system.statistic("enqueued") == notes.count)
        }
    }

    @Test func theTasksOptionsSayWhatTheCallDoesNot() async throws {
        var task = note
        task.options.queue = "bulk"
        task.options.priority = 6
        task.options.expires = .seconds(60)
        let producer = RecordingProducer()
        let now = WireTime(microseconds: 1_795_413_404_000_000)
        try await producer.enqueue(task, Note(text: "a"), now: now)
        try await producer.enqueue(
            task, Note(text: "b"), queue: "other", priority: 0, countdown: .seconds(5), expires: .seconds(10), now: now)
        let sent = producer.tasks
        #expect(sent.map(\.queue) == ["bulk", "other"])
        #expect(sent.map(\.priority) == [6, 0])
        #expect(sent.map(\.eta) == [nil, now.adding(.seconds(5))])
        #expect(sent.map(\.expires) == [now.adding(.seconds(60)), now.adding(.seconds(10))])
        #expect(try producer.arguments(of: task).map(\.text) == ["a", "b"])
    }

    @Test func inlineATaskRunsWhereItIsSent() async throws {
        let journal = Journal()
        let producer = InlineProducer(
            registry: registry { note, context in
                try await context.confirmClaim()
                journal.add(note.text)
                if note.text == "bad" { throw TaskRejection("bad", "it is bad") }
                return 0
            })
        try await producer.enqueue(note, Note(text: "短信"))
        #expect(journal.texts == ["短信"])
        await #expect(throws: TaskRejection.self) { try await producer.enqueue(note, Note(text: "bad")) }
        await #expect(throws: MessageRefusal(unknownTask: "other")) {
            try await producer.enqueue(TaskDefinition<NoArguments, NoResult>("other"), NoArguments())
        }
    }

    @Test func aScriptPushesWhatWasPreparedTogetherWithItsOwnWrites() async throws {
        try await QueueSystem.run { system in
            let job = try system.producer.prepare(note, Note(text: "a"))
            #expect(try await system.client.listElements("celery", from: 0, to: -1).isEmpty)
            let source = """
                redis.call('SET', KEYS[1], 'paid')
                redis.call('LPUSH', KEYS[2], ARGV[1])
                return redis.call('HINCRBY', KEYS[3], 'enqueued', 1)
                """
            _ = try await system.client.run(
                RedisScript(name: "pay", source: Array(source.utf8)), keys: ["order", job.list, job.statistics],
                arguments: [job.message])
            let message = try TaskMessage(try await system.client.listElements("celery", from: 0, to: -1)[0])
            #expect(message.id == job.id.text)
            #expect(try ArgumentCoding.decode(Note.self, from: message).text == "a")
            #expect(try await system.statistic("enqueued") == 1)
        }
    }

    @Test func onlyTheSameUserOfTheSameServerReachesTheQueueFromAScript() throws {
        func client(_ url: String) throws -> RedisClient {
            RedisClient(RedisConfiguration(url: try RedisURL(url)), logger: Logger(label: "test"))
        }
        let producer = TaskProducer(client: try client("redis://app:secret@127.0.0.1:6379/3"))
        #expect(producer.database(onServerOf: try client("redis://app:secret@127.0.0.1:6379/2?client_name=x")) == 3)
        for other in [
            "redis://app:secret@127.0.0.1:6380/3", "redis://other:secret@127.0.0.1:6379/3",
            "rediss://app:secret@127.0.0.1:6379/3", "redis://127.0.0.1:6379/3",
        ] {
            #expect(producer.database(onServerOf: try client(other)) == nil)
        }
    }

    @Test func aRefusingBrokerIsAnError() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("SET", "celery", "no list"))
            await #expect(throws: RedisError.self) { try await system.producer.enqueue(note, Note(text: "x")) }
        }
    }
}
