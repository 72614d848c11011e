import Foundation
import Testing

@testable import TaskQueue

/// What becomes of every message that was captured from a real Celery.
@Suite struct CapturedSampleTests {
    /// A message that a worker can run, and what it reads in it.
    struct Readable: Sendable, CustomTestStringConvertible {
        var sample: String
        /// The message's place in the sample.
        var index = 0
        var task = "ccp_send_sms_code"
        var id: String
        var retries = 0
        var eta: String?
        var expires: String?
        var band = PriorityBand.urgent
        var testDescription: String { "\(sample)[\(index)]" }
    }

    /// A message with a canvas (callbacks, a chain, a chord), or one that Celery sent because of one.
    struct Canvas: Sendable, CustomTestStringConvertible {
        var sample: String
        /// The message's place in the sample.
        var index = 0
        var task = "add"
        var id: String
        /// What the worker does with it today: refuses it, or runs it when nil.
        var refusal: MessageRefusal.Reason?
        var testDescription: String { "\(sample)[\(index)]" }
    }

    private static let readable: [Readable] = [
        .init(sample: "bzip2", id: "48b23b48-d42e-4a14-92b0-b0bd552d6b73"),
        .init(sample: "countdown", id: "0cfd25a8-3625-4721-a513-577c103d0333", eta: "2026-11-23T06:42:13.796940+00:00"),
        .init(sample: "default", id: "10c449be-a990-41a9-8f48-4ee72ba3d3a1"),
        .init(sample: "eta_naive", id: "e745f8af-bfc4-4551-9983-2ab49c832ded", eta: "2031-05-06T07:08:09+00:00"),
        .init(sample: "eta_offset", id: "281fd50d-8f9c-43ff-be67-115c33c0df03", eta: "2031-05-05T23:08:09+00:00"),
        .init(
            sample: "expires", id: "26710fc7-ca0e-461a-ad35-1d5c289068ca", expires: "2026-11-23T06:42:43.812388+00:00"),
        .init(
            sample: "expires_absolute", id: "3b45e0aa-0b70-4d43-b725-f097ce2d1210",
            expires: "2031-05-06T07:08:09.123456+00:00"),
        .init(sample: "gzip_alias", id: "9a9db7cb-c923-4796-9992-9442f375f35a"),
        .init(sample: "ignore_result", id: "36e281f9-6f80-437b-acb1-c958d32b08d2"),
        .init(sample: "kombu_types", id: "35dd1054-49b8-49b1-9739-7917707be294"),
        .init(sample: "kwargs", id: "33896aa9-9671-42e9-bc42-486f385ad1c7"),
        .init(sample: "options", id: "my-own-id-1"),
        .init(sample: "plain_body_utf8", id: "2abf7c1d-e57b-476a-9aaa-29a14a477dee"),
        .init(sample: "plain_body_utf8_unicode", id: "b5605b54-774e-416a-9644-700efebcedd3"),
        .init(sample: "plain_body_utf8_zlib", id: "1b783db6-44a9-493b-93e6-69a5f4562d3d"),
        .init(sample: "priority_0", id: "df5a1790-7047-4b4f-bb0e-cd667812b4fd"),
        .init(sample: "priority_3", id: "6be17104-407d-4a60-8720-8bb3f1bbb094", band: .high),
        .init(sample: "priority_4", id: "ccd74931-b721-425d-86bb-49622f770388", band: .high),
        .init(sample: "priority_9", id: "cd6d93bb-804c-4482-bf3f-521d286a4f78", band: .lowest),
        .init(sample: "restored", id: "d65b295d-851e-4ea5-861c-120100ebbe92", eta: "2026-11-23T06:46:59.927053+00:00"),
        .init(sample: "retry", task: "retry_me", id: "1373e2e5-6d81-4360-a845-f36052f32d1b"),
        .init(
            sample: "retry", index: 1, task: "retry_me", id: "1373e2e5-6d81-4360-a845-f36052f32d1b", retries: 1,
            eta: "2026-11-23T06:44:38.060515+00:00"),
        .init(
            sample: "retry", index: 2, task: "retry_me", id: "1373e2e5-6d81-4360-a845-f36052f32d1b", retries: 2,
            eta: "2026-11-23T06:44:39.064080+00:00"),
        .init(sample: "stamped", task: "add", id: "6a95fa17-2807-4c7e-825a-986b6f2e6624"),
        .init(sample: "unicode", id: "b2d623b0-dff5-4ef6-959c-5388656034e6"),
        .init(sample: "zlib", id: "c9f7a6a7-ef7a-4289-9b34-1afed4cc2323"),
    ]

    private static let refused: [(sample: String, reason: MessageRefusal.Reason)] = [
        ("serializer_yaml", .contentType), ("serializer_msgpack", .contentType), ("serializer_pickle", .contentType),
        ("nan", .malformed),
    ]

    private static let canvas: [Canvas] = [
        .init(sample: "chain", id: "c15872c9-3b02-4fa6-91a9-3a240c82e546"),
        .init(sample: "chain_followups", id: "4216cc08-d50b-4392-a5e5-40e250f89fe6"),
        .init(sample: "chain_followups", index: 1, id: "41ddb679-32dc-474f-b349-6795682ed384"),
        .init(sample: "chain_followups", index: 2, id: "5ae4489b-da7e-4ea6-a2c1-3fefdcc4580a"),
        .init(sample: "chain_with_group", id: "4495c03e-a38f-48cb-9668-10b63a47aebf", refusal: .canvas),
        .init(sample: "chain_with_options", id: "13240062-7645-401c-9667-f0ab82dc6477"),
        .init(sample: "chord", id: "ef771c68-2609-4530-9fe7-9aa2fbd08e86"),
        .init(sample: "chord", index: 1, id: "269a3eb6-09af-4a45-be21-52aadcc35508"),
        .init(sample: "chord_followup", id: "27c7216c-cb85-41c3-ae17-5b325885c07d"),
        .init(sample: "chord_followup", index: 1, id: "7f6cd4b5-2de8-4840-9e67-456ae329d13a"),
        .init(sample: "chord_followup", index: 2, task: "tsum", id: "bc6d868a-fbe9-43e4-8833-7bc3480827ae"),
        .init(sample: "group", id: "4fe618d2-4a31-4546-913e-63333c3f54ab"),
        .init(sample: "group", index: 1, id: "4868a636-5d8f-4592-bad0-3b0611789cb8"),
        .init(sample: "link", task: "ccp_send_sms_code", id: "de89d910-6020-423f-b9f9-a41dc99c6041"),
        .init(
            sample: "link_error_followup", task: "boom", id: "4e383912-dbb1-43a9-9414-ec11afc76720"),
        .init(
            sample: "link_error_followup", index: 1, task: "other.errback", id: "82185ee9-078a-44d1-8fd4-20ffb2737af2"),
        .init(sample: "link_followup", id: "21149631-d7a4-4bc0-9ef1-a0842087bf30"),
        .init(sample: "link_followup", index: 1, id: "e8965d5a-e2e5-48cc-ab87-3d280fe07ae8"),
        .init(sample: "link_group", id: "37e8a456-b676-4a6a-a730-d93b5d3955e1", refusal: .canvas),
    ]

    @Test func everySampleIsInATable() throws {
        let tables = Self.readable.map(\.sample) + Self.refused.map(\.sample) + Self.canvas.map(\.sample)
        #expect(Set(tables) == Set(Sample.names()))
        for name in Set(tables) {
            #expect(try tables.count { $0 == name } == Sample.messages(name).count, "\(name)")
        }
    }

    @Test(arguments: readable)
    func aMessageReadsAsCeleryMeantIt(_ expected: Readable) throws {
        let message = try TaskMessage(try Sample.messages(expected.sample)[expected.index])
        #expect(message.task == expected.task)
        #expect(message.id == expected.id)
        #expect(message.retries == expected.retries)
        #expect(message.eta?.text == expected.eta)
        #expect(message.expires?.text == expected.expires)
        #expect(message.priority == expected.band)

        let body = try #require(try JSONSerialization.jsonObject(with: Data(body(of: expected))) as? [Any])
        #expect(try meaning(of: message.arguments) == meaning(of: body[0]))
        #expect(try meaning(of: message.namedArguments) == meaning(of: body[1]))
    }

    @Test(arguments: readable)
    func republishingKeepsAllThatDoesNotChange(_ expected: Readable) throws {
        try expectRepublishingKeepsAllThatDoesNotChange(try Sample.messages(expected.sample)[expected.index])
    }

    @Test(arguments: refused)
    func aMessageThatNobodyCouldRunIsRefused(_ sample: String, _ reason: MessageRefusal.Reason) throws {
        #expect(Sample.refusal(try Sample.message(sample)) == reason)
    }

    @Test(arguments: canvas)
    func aCanvasIsRunOrRefused(_ expected: Canvas) throws {
        let raw = try Sample.messages(expected.sample)[expected.index]
        #expect(TaskMessage.taskName(of: raw) == expected.task)
        #expect(TaskMessage.id(of: raw) == expected.id)
        #expect(Sample.refusal(raw) == expected.refusal)
        if expected.refusal == nil { try expectRepublishingKeepsAllThatDoesNotChange(raw) }
    }

    // MARK: - Comparing

    /// The body before it was compressed and encoded. The capture of bzip2 has none; this is what was sent there.
    private func body(of expected: Readable) throws -> [UInt8] {
        let sentWithBzip2 = #"[["13800000000", "\#(String(repeating: "x", count: 300))"], {}, {}]"#
        return try Sample.bodies(expected.sample)[expected.index] ?? Array(sentWithBzip2.utf8)
    }

    private func expectRepublishingKeepsAllThatDoesNotChange(_ raw: [UInt8]) throws {
        let message = try TaskMessage(raw)
        let eta = WireTime(microseconds: 1_795_413_404_000_000)
        let again = try TaskMessage(message.republished(retries: 7, eta: eta, redeliveries: 2))
        #expect(again.retries == 7)
        #expect(again.eta == eta)
        #expect(again.redeliveries == 2)
        #expect(again.arguments.bytes == message.arguments.bytes)
        #expect(again.namedArguments.bytes == message.namedArguments.bytes)
        #expect(try whatStays(of: again.raw) == whatStays(of: raw))
    }

    /// A message without the fields that a republishing changes.
    private func whatStays(of raw: [UInt8]) throws -> String {
        var envelope = try object(JSONSerialization.jsonObject(with: Data(raw)))
        var headers = try object(envelope["headers"])
        for name in ["retries", "eta", "redelivered", "x-redeliveries"] { headers[name] = nil }
        var properties = try object(envelope["properties"])
        var deliveryInfo = try object(properties["delivery_info"])
        deliveryInfo["redelivered"] = nil
        properties["delivery_info"] = deliveryInfo
        properties["delivery_tag"] = nil
        envelope["headers"] = headers
        envelope["properties"] = properties
        return try meaning(of: envelope)
    }

    private func object(_ value: Any?) throws -> [String: Any] {
        try #require(value as? [String: Any])
    }

    /// Text that is equal for JSON values that mean the same.
    private func meaning(of json: JSONText) throws -> String {
        try meaning(of: JSONSerialization.jsonObject(with: Data(json.bytes)))
    }

    private func meaning(of value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }
}
