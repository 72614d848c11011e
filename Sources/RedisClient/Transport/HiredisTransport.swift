internal import CHiredis
internal import CHiredisShim

#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A TCP or Unix socket, carried by a non-blocking hiredis context.
///
/// Memory: this object owns the context and frees it once, in `close`. The context's reader writes into `builder`,
/// which this object keeps alive for longer than the context.
final class HiredisTransport: Transport, EventLoopHandler {
    /// hiredis makes its buffer anew for each write, and moves what a partial write leaves to the front. It is handed
    /// pieces of this size: doubled, as it does, they stay below what the C library gives back to the system each time.
    private static let pieceSize = 28 * 1024
    /// How often one socket may be read, 16 KiB each, before others have their turn.
    private static let mostReadsInTurn = 4

    private let loop: RedisEventLoop
    private let builder = ReplyBuilder()
    private var context: UnsafeMutablePointer<redisContext>?
    private var descriptor: Int32 = -1
    private var isTCP = false
    private var isConnected = false
    private var interest: Readiness = .writable
    private var events: TransportEvents?
    private var outgoing: [UInt8] = []
    private var outgoingOffset = 0
    private var hiredisHoldsBytes = false
    private(set) var directSocket: DirectSocket?

    init(loop: RedisEventLoop) {
        self.loop = loop
    }

    func open(_ address: ServerAddress, events: TransportEvents) {
        self.events = events
        switch address.location {
        case .tcp(let ip, let port):
            isTCP = true
            context = redisConnectNonBlock(ip, Int32(port))
        case .unix(let path): context = redisConnectUnixNonBlock(path)
        }
        guard let context else { return close(RedisError(.notConnected, "hiredis is out of memory")) }
        guard chiredis_context_failed(context) == 0 else {
            return close(
                RedisError(.notConnected, "cannot connect: \(String(cString: chiredis_context_error(context)))"))
        }
        chiredis_context_listen(context, builder.listener)
        descriptor = chiredis_descriptor(context)
        loop.add(self, descriptor: descriptor, for: .writable)
    }

    func write(_ bytes: [UInt8]) {
        if outgoingOffset == outgoing.count {
            outgoing = bytes
            outgoingOffset = 0
        } else {
            outgoing.append(contentsOf: bytes)
        }
        if isConnected, !hiredisHoldsBytes { writeOn() }
    }

    var hasRoom: Bool { isConnected && !hiredisHoldsBytes && outgoing.isEmpty }

    func close(_ reason: RedisError) {
        directSocket?.takeBack()
        directSocket = nil
        if descriptor >= 0 {
            loop.remove(descriptor: descriptor)
            descriptor = -1
        }
        if let context {
            redisFree(context)
            self.context = nil
        }
        let events = self.events
        self.events = nil
        events?.closed(reason)
    }

    // MARK: - EventLoopHandler

    func handle(_ readiness: Readiness) {
        if !isConnected {
            finishConnecting()
        } else {
            if readiness.contains(.readable) || readiness.contains(.broken) { readOn() }
            if readiness.contains(.writable), context != nil {
                writeOn()
                if hasRoom { events?.drained() }
            }
        }
    }

    // MARK: - Steps

    private func finishConnecting() {
        let error = chiredis_socket_error(descriptor)
        guard error == 0 else {
            return close(RedisError(.notConnected, "cannot connect: \(String(cString: strerror(error)))"))
        }
        isConnected = true
        if isTCP {
            chiredis_keep_alive(descriptor, KeepAlive.idleSeconds, KeepAlive.intervalSeconds, KeepAlive.probes)
        }
        directSocket = DirectSocket(descriptor)
        listen(for: .readable)
        events?.connected()
    }

    private func readOn() {
        var replies: [RESPValue] = []
        for _ in 0..<Self.mostReadsInTurn {
            guard let context else { return }
            let result = chiredis_read_once(context)
            // Replies that came before the end of the stream are still good.
            var violation: ProtocolViolation?
            do throws(ProtocolViolation) {
                while let reply = try ReplyReader.next(from: chiredis_context_reader(context), builder) {
                    replies.append(reply)
                }
            } catch {
                violation = error
            }
            if !replies.isEmpty {
                events?.replies(replies)
                replies.removeAll(keepingCapacity: true)
                guard self.context != nil else { return }
            }
            if let violation { return close(RedisError(violation)) }
            if result < 0 { return close(connectionLost(context)) }
            if result == 0 { return }
        }
    }

    private func writeOn() {
        guard let context else { return }
        while true {
            if !hiredisHoldsBytes {
                guard outgoingOffset < outgoing.count else { break }
                let end = min(outgoing.count, outgoingOffset + Self.pieceSize)
                outgoing.withUnsafeBytes { bytes in
                    let start = bytes.baseAddress?.advanced(by: outgoingOffset).assumingMemoryBound(to: CChar.self)
                    _ = redisAppendFormattedCommand(context, start, end - outgoingOffset)
                }
                outgoingOffset = end
            }
            var isDone: Int32 = 0
            guard redisBufferWrite(context, &isDone) == REDIS_OK else { return closeAfterFailedWrite(context) }
            hiredisHoldsBytes = isDone == 0
            if hiredisHoldsBytes { return listen(for: [.readable, .writable]) }
        }
        if outgoingOffset > 0 {
            outgoing = []
            outgoingOffset = 0
        }
        listen(for: .readable)
    }

    /// What the server had sent before it went is still read: answers, or why it hangs up.
    private func closeAfterFailedWrite(_ context: UnsafeMutablePointer<redisContext>) {
        let reason = connectionLost(context)
        chiredis_context_forget_error(context)
        readOn()
        close(reason)
    }

    private func connectionLost(_ context: UnsafeMutablePointer<redisContext>) -> RedisError {
        RedisError(.connectionLost, "connection lost: \(String(cString: chiredis_context_error(context)))")
    }

    private func listen(for wanted: Readiness) {
        guard wanted != interest else { return }
        interest = wanted
        loop.change(descriptor: descriptor, to: wanted)
    }
}
