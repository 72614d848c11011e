/// What a connection needs to write a command from the thread that sends it.
struct DirectWriting {
    typealias Instant = ContinuousClock.Instant

    /// A longer one is the loop's business: the lock is held during the write.
    private static let longest = 16 * 1024

    /// While the connection is ready, and its socket can be written to.
    var socket: DirectSocket?
    /// By when the loop looks after the connection's deadlines, at the latest.
    var nextVisit: Instant?
    /// What the socket did not take, to be written by the loop before anything else.
    private var unwritten: ArraySlice<UInt8> = []

    /// False when the loop must do it.
    func canWrite(_ count: Int, by deadline: Instant) -> Bool {
        guard socket != nil, unwritten.isEmpty, count <= Self.longest else { return false }
        // A command that is never answered must be noticed by the loop, without being told of it.
        return nextVisit.map { $0 <= deadline } ?? false
    }

    mutating func write(_ bytes: [UInt8]) {
        unwritten = bytes[(socket?.write(bytes) ?? 0)...]
    }

    var hasUnwritten: Bool { !unwritten.isEmpty }

    mutating func takeUnwritten(into buffer: inout [UInt8]) {
        buffer += unwritten
        unwritten = []
    }

    /// The connection is lost. What was not written will never be.
    mutating func end() {
        socket = nil
        unwritten = []
    }
}
