/// The four lists that make up a queue, the most urgent first.
///
/// Priorities 0 to 9 fall into the bands 0, 3, 6 and 9; 0 is the most urgent, as Celery has it on Redis.
public enum PriorityBand: Int, Sendable, CaseIterable {
    /// Priorities 0 to 2: taken first.
    case urgent = 0
    /// Priorities 3 to 5.
    case high = 3
    /// Priorities 6 to 8.
    case low = 6
    /// Priority 9: taken when there is nothing else.
    case lowest = 9

    /// The band that a priority falls into.
    public init(priority: Int) {
        switch priority {
        case ..<3: self = .urgent
        case ..<6: self = .high
        case ..<9: self = .low
        default: self = .lowest
        }
    }

    /// Its place among the bands, from 0.
    var index: Int { rawValue / 3 }

    /// The Redis key of the band's list: the queue's name, and for the lower bands two separator bytes and the digit.
    public func list(of queue: String) -> String {
        self == .urgent ? queue : "\(queue)\u{06}\u{16}\(rawValue)"
    }

    /// The queue that a list of that name would belong to.
    static func queue(ofList key: String) -> String {
        key.split(separator: "\u{06}\u{16}", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
            ?? key
    }
}
