/// One entry of a JSON list of periodic tasks, as it is read.
struct PeriodicTaskEntry {
    private static let keys = [
        "name", "schedule", "utc_offset", "task", "args", "kwargs", "queue", "priority", "expires", "missed",
        "missed_at_most", "grace",
    ]

    /// What errors call it.
    private let place: String
    private let object: JSONText

    init(_ object: JSONText, number: Int) throws(PeriodicTaskError) {
        guard object.kind == .object else { throw PeriodicTaskError(entry: "\(number)", reason: "expected an object") }
        self.object = object
        place = object["name"]?.string.map { "\(number) (\($0))" } ?? "\(number)"
        if let unknown = object.members.map(\.name).first(where: { !Self.keys.contains($0) }) {
            throw PeriodicTaskError(
                entry: place, key: unknown,
                reason: "no such key; there are \(Self.keys.joined(separator: ", "))")
        }
    }

    func task() throws(PeriodicTaskError) -> PeriodicTask {
        var task = PeriodicTask(
            try required("name"), try schedule(), task: try required("task"),
            arguments: try json("args", .array, "an array, such as [\"daily\", 3]") ?? Array("[]".utf8),
            namedArguments: try json("kwargs", .object, "an object, such as {\"kind\": \"daily\"}") ?? Array("{}".utf8),
            argumentsForDisplay: "(...)")
        task.queue = try text("queue")
        task.priority = try number("priority", in: 0...9) ?? 0
        task.expires = try duration("expires")
        task.missedRuns = try missedRuns()
        task.grace = try duration("grace") ?? PeriodicTask.defaultGrace
        return task
    }

    // MARK: - Keys

    private func schedule() throws(PeriodicTaskError) -> PeriodicSchedule {
        let text = try required("schedule")
        let offset = try offset()
        do throws(PeriodicScheduleError) {
            return try PeriodicSchedule(text, utcOffset: offset)
        } catch {
            throw PeriodicTaskError(entry: place, key: "schedule", reason: error.description)
        }
    }

    private func offset() throws(PeriodicTaskError) -> Duration {
        guard let text = try text("utc_offset") else { return .zero }
        // A time of day at that offset, told from the same one in UTC.
        guard text.utf8.count == 6, text.hasPrefix("+") || text.hasPrefix("-"),
            let time = WireTime("1970-01-01T00:00:00\(text)")
        else { throw error("utc_offset", "expected a text such as \"+08:00\" or \"-03:30\"") }
        return .microseconds(-time.microseconds)
    }

    private func missedRuns() throws(PeriodicTaskError) -> MissedRuns {
        let policy = try text("missed")
        let limit = try number("missed_at_most", in: 1...1_000_000)
        if limit != nil, policy != "run_all" { throw error("missed_at_most", "goes with \"missed\": \"run_all\" only") }
        switch policy {
        case nil, "skip": return .skip
        case "run_once": return .runOnce
        case "run_all":
            guard let limit else { throw error("missed_at_most", "is missing: how many missed runs are run at most") }
            return .runAll(atMost: limit)
        default: throw error("missed", "expected \"skip\", \"run_once\" or \"run_all\"")
        }
    }

    // MARK: - Kinds

    private func required(_ key: String) throws(PeriodicTaskError) -> String {
        guard let text = try text(key) else { throw error(key, "is missing") }
        return text
    }

    private func text(_ key: String) throws(PeriodicTaskError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string, !text.isEmpty else { throw error(key, "expected a text that is not empty") }
        return text
    }

    private func duration(_ key: String) throws(PeriodicTaskError) -> Duration? {
        guard let value = object[key] else { return nil }
        guard let duration = value.string.flatMap(DurationText.duration) else {
            throw error(key, "expected a text of \(DurationText.expectation)")
        }
        return duration
    }

    private func number(_ key: String, in range: ClosedRange<Int>) throws(PeriodicTaskError) -> Int? {
        guard let value = object[key] else { return nil }
        guard let number = value.integer, range.contains(number) else {
            throw error(key, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func json(
        _ key: String, _ kind: JSONText.Kind, _ expectation: String
    ) throws(PeriodicTaskError) -> [UInt8]? {
        guard let value = object[key] else { return nil }
        guard value.kind == kind else { throw error(key, "expected \(expectation)") }
        return Array(value.bytes)
    }

    private func error(_ key: String, _ reason: String) -> PeriodicTaskError {
        PeriodicTaskError(entry: place, key: key, reason: reason)
    }
}
