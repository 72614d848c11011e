extension PeriodicTask {
    /// Reads a configuration's list of periodic tasks.
    ///
    /// ```json
    /// [
    ///   {"name": "nightly-report", "schedule": "30 3 * * *", "utc_offset": "+08:00", "task": "send_report",
    ///    "args": ["daily"], "kwargs": {"copies": 2}, "queue": "reports", "priority": 6, "expires": "1h",
    ///    "missed": "run_all", "missed_at_most": 3, "grace": "1m"},
    ///   {"name": "heartbeat", "schedule": "every 30s", "task": "beat"}
    /// ]
    /// ```
    ///
    /// Only `name`, `schedule` and `task` must be there. `missed` is `skip`, `run_once` or `run_all`.
    ///
    /// - Throws: ``PeriodicTaskError`` that names the entry and the key, also for a key that does not exist.
    public static func list(fromJSON bytes: [UInt8]) throws(PeriodicTaskError) -> [PeriodicTask] {
        let json: JSONText
        do throws(JSONSyntaxError) {
            json = try JSONText(bytes)
        } catch {
            throw PeriodicTaskError(reason: "this is not JSON: \(error.reason) at byte \(error.offset)")
        }
        guard json.kind == .array else { throw PeriodicTaskError(reason: "expected a JSON array of objects") }
        var tasks: [PeriodicTask] = []
        for (index, element) in json.elements.enumerated() {
            tasks.append(try PeriodicTaskEntry(element, number: index + 1).task())
        }
        try tasks.checkNames()
        return tasks
    }
}
