/// Which messages of a place are shown. All conditions must hold; one that is nil always does.
public struct JobFilter: Sendable, Hashable {
    /// They have this id.
    public var id: String?
    /// They are of the task of this name.
    public var task: String?
    /// Their id or their task's name contains this text, or one of their arguments is it. What is sealed cannot be looked
    /// into.
    public var text: String?
    /// They belong to this band.
    public var band: PriorityBand?
    /// This worker holds them.
    public var worker: String?
    /// They could have been run for so long at least; those that do not say since when do not pass.
    public var olderThan: Duration?

    /// Those that meet all the conditions that are given.
    public init(
        id: String? = nil, task: String? = nil, text: String? = nil, band: PriorityBand? = nil, worker: String? = nil,
        olderThan: Duration? = nil
    ) {
        self.id = id
        self.task = task
        self.text = text
        self.band = band
        self.worker = worker
        self.olderThan = olderThan
    }

    /// Each message has to be looked at to tell.
    var looksInside: Bool { id != nil || task != nil || text != nil || olderThan != nil }

    /// Texts one of which every message that passes contains; nil where there is no such text.
    var texts: [String]? {
        if let part = (id ?? task)?.plainestPart, !part.isEmpty { return [part] }
        // What is encoded has to be looked into here.
        if let part = text?.plainestPart, !part.isEmpty { return [part, "base64"] }
        return nil
    }

    func includes(_ place: TaskPlace, _ raw: [UInt8], at now: WireTime) -> Bool {
        let job = place.task
        if let id, job.id != id { return false }
        if let task, job.task != task { return false }
        if let band, job.priority != band.rawValue { return false }
        if let worker, place.worker != worker { return false }
        if let olderThan {
            guard let since = job.since.flatMap(WireTime.init), now.since(since) >= olderThan else { return false }
        }
        guard let text else { return true }
        return job.id?.contains(text) == true || job.task?.contains(text) == true
            || TaskSearch.Target.argument([text]).fits(raw)
    }
}

/// Some of the messages of a place, in their order.
public struct JobPage: Sendable, Codable, Hashable {
    /// Those that passed the filter.
    public var jobs: [TaskPlace] = []
    /// How many messages were passed over before the first that was looked at.
    public var start: Int
    /// How many messages were looked at.
    public var examined = 0
    /// How many messages there are to look at, from the first on.
    public var total = 0
    /// Where the next page begins; nil when there is none.
    public var next: Int?
}
