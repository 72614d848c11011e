internal import RedisClient

/// Stores results in Celery's form and tells who waits for them.
///
/// Source: the keys `celery-task-meta-<id>` and `celery-taskset-meta-<group>` of Celery's Redis backend.
struct ResultBackend: Sendable {
    let configuration: ResultBackendConfiguration
    let client: RedisClient
    private let clock: ServerClock
    private let scripts = ResultScripts()

    init(_ configuration: ResultBackendConfiguration, client: RedisClient, clock: ServerClock) {
        self.configuration = configuration
        self.client = client
        self.clock = clock
    }

    func store(_ document: ResultDocument) async throws(RedisError) {
        _ = try await client.run(
            scripts.store, keys: ["\(configuration.keyPrefix)celery-task-meta-\(document.id)"],
            arguments: [document.encoded(at: clock.now), configuration.expiry.wholeMilliseconds])
    }

    // MARK: - Chords

    /// Where a chord stands after one of its parts was counted.
    enum ChordState: Sendable {
        /// Parts are missing, or it was completed before.
        case counted
        /// Somebody else is about to complete it; if that does not come about, it has to be asked again.
        case reserved
        /// All parts have ended: it is to be completed now. Each is `[1, id, status, result]`.
        case complete([JSONText])
    }

    /// Counts the end of a part of a chord. The same part may be counted again, as when a reply was lost.
    func countPart(_ document: ResultDocument, group: String, index: Int?) async throws(RedisError) -> ChordState {
        let place = index.map(String.init) ?? "+inf"
        let entry =
            #"[1, \#(JSONString.literal(document.id)), \#(JSONString.literal(document.status.rawValue)), \#(String(decoding: document.result, as: UTF8.self))]"#
        let reply = try await client.run(
            scripts.countPart, keys: keys(of: group),
            arguments: ["\(document.id):\(index.map(String.init) ?? "None")", place, entry, 6000])
        guard case .array(let parts) = reply else { return try reply.text == "reserved" ? .reserved : .counted }
        var results: [JSONText] = []
        for part in parts { if let json = try? JSONText(try part.bytes) { results.append(json) } }
        return .complete(results)
    }

    /// The chord's body was sent.
    func endChord(_ group: String) async throws(RedisError) {
        _ = try await client.run(scripts.endChord, keys: keys(of: group), arguments: [])
    }

    private func keys(of group: String) -> [String] {
        [".j", ".t", ".s", ".d", ".c"].map { "\(configuration.keyPrefix)celery-taskset-meta-\(group)\($0)" }
    }
}

/// The steps that run inside the Redis of the results.
private struct ResultScripts: Sendable {
    let store = QueueScripts.script("store_result", PackageResources.store_result_lua)
    let countPart = QueueScripts.script("count_part", PackageResources.count_part_lua)
    let endChord = QueueScripts.script("end_chord", PackageResources.end_chord_lua)
}
