import Foundation

/// A client's connection through the proxy, and the one to the server that belongs to it.
struct ProxiedConnection {
    private let client: Int32
    private let server: Int32
    private var requests: OneWayStream
    private var replies: OneWayStream
    private var boundary = ReplyBoundary()
    private var isSpoiled = false

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
        Socket.makeImmediate(client)
        Socket.makeImmediate(server)
        requests = OneWayStream(from: client, to: server)
        replies = OneWayStream(from: server, to: client)
    }

    var waits: [pollfd] {
        isSpoiled ? [pollfd(fd: client, events: Int16(POLLIN), revents: 0)] : requests.waits + replies.waits
    }

    func close() {
        Foundation.close(client)
        Foundation.close(server)
    }

    /// Carries what there is, as far as that goes without waiting; false when the connection is over.
    mutating func proceed(_ behaviour: FaultProxy.Behaviour, repliesBeforeCut: inout Int?) -> Bool {
        if isSpoiled { return !requests.discard().isEnd }
        switch behaviour {
        case .blackHole: return true
        case .garbage(let bytes): return spoil(with: bytes)
        case .forward: return forward(slowRequests: false, slowReplies: false, &repliesBeforeCut)
        case .trickle(let bothWays): return forward(slowRequests: bothWays, slowReplies: true, &repliesBeforeCut)
        }
    }

    private mutating func forward(slowRequests: Bool, slowReplies: Bool, _ repliesBeforeCut: inout Int?) -> Bool {
        guard requests.read(), requests.write(byteByByte: slowRequests) else { return false }
        let isOpen = replies.read { boundary.pass($0) }
        if let others = repliesBeforeCut, replies.hasPending {
            repliesBeforeCut = others > 0 ? others - 1 : nil
            if others == 0 { return false }
        }
        return replies.write(byteByByte: slowReplies) && isOpen
    }

    /// A reply that has begun ends first: within it, any bytes would be taken for its own.
    private mutating func spoil(with garbage: [UInt8]) -> Bool {
        guard boundary.isBetweenReplies, !replies.hasPending else {
            return replies.read { boundary.pass($0) } && replies.write(byteByByte: false)
        }
        switch (requests.discard(), replies.discard()) {
        case (.end, _), (_, .end): return false
        case (.nothing, .nothing): return true
        default:
            isSpoiled = true
            return replies.write(garbage)
        }
    }
}
