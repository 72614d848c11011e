public import FoundationEssentials

/// How a sandbox is set up.
public struct SandboxConfiguration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The TCP port to listen on; 0 takes a free one.
    public var port = 8090
    /// The account that requests have to be signed with.
    public var account = SandboxAccount.demo
    /// How long a number gets no second message, as the vendor limits it; zero for no limit.
    public var numberInterval: Duration = .seconds(30)
    /// Whether a number's last two digits choose what becomes of its messages.
    public var magicNumbers = false
    /// The faults that are on from the start.
    public var faults: [FaultSwitch] = []
    /// Where delivery reports of each provider go; a provider without one has none, but for messages that name their own.
    public var reportURLs: [Provider: String] = [:]
    /// The time from the taking of a message to its arrival and report.
    public var reportDelay: Duration = .seconds(1)
    /// The time until a report that was not accepted is posted again; twice as long each further time.
    public var reportRepetitionDelay: Duration = .seconds(1)
    /// The time to a report that is late: the code has expired by then.
    public var lateReportDelay: Duration = .seconds(330)
    /// How Yuntongxun's reports are written.
    public var yuntongxunReportFormat = YuntongxunReportFormat.json
    /// How many messages are kept; the oldest go first.
    public var inboxCapacity = 10_000
    /// The clock that time stamps are compared with.
    public var now: @Sendable () -> Date = { Date() }

    /// Makes a configuration with the defaults.
    public init() {}
}
