import TaskQueue

/// One message of a history, as the model knows it.
struct Job: Hashable, CustomStringConvertible {
    let number: Int
    let task: SimulatedTask
    let band: PriorityBand
    /// It is no message at all; its band is only the list that it was put on.
    var isUnreadable = false
    /// It must not run before that day of the history.
    var firstDay: Int?
    /// From that day of the history on it must not run.
    var expiryDay: Int?
    var retries = 0
    var redeliveries = 0

    /// What is put back at the head of its line goes to the band that its bytes tell, or to the first one.
    var ownBand: PriorityBand { isUnreadable ? .urgent : band }

    /// As ``RedisSnapshot`` shows it: all that must be kept when it is moved.
    var description: String {
        guard !isUnreadable else { return "unreadable-\(number)" }
        return "\(number)p\(band.rawValue)" + (retries == 0 ? "" : "r\(retries)")
            + (redeliveries == 0 ? "" : "d\(redeliveries)")
    }
}

/// The tasks of the histories.
enum SimulatedTask: String, CaseIterable {
    case plain
    /// When nobody knows how an attempt ended, a person decides.
    case held
    /// Few run at once: what waits for that has a line of its own.
    case narrow
    /// One starts a day, two after a day without any.
    case paced

    static let withLine: [SimulatedTask] = [.narrow, .paced]
    static let burst = 2

    var rate: RateLimit? {
        self == .paced ? RateLimit(1, per: .seconds(24 * 3600), burst: Self.burst) : nil
    }
}
