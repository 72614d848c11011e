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
    /// How many messages are kept; the oldest go first.
    public var inboxCapacity = 10_000
    /// The clock that time stamps are compared with.
    public var now: @Sendable () -> Date = { Date() }

    /// Makes a configuration with the defaults.
    public init() {}
}
