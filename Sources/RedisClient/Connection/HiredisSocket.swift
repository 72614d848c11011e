internal import CHiredis
internal import CHiredisShim

#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// Where a server listens, with the name already resolved.
enum ResolvedAddress: Sendable, Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)
}

/// One socket, carried by a non-blocking hiredis context. It lives on the event loop's thread alone.
///
/// Memory: this object owns the context and frees it once, in `close`. The context's reader writes into `builder`,
/// which this object keeps alive for longer than the context.
final class HiredisSocket: EventLoopHandler {
    /// What the socket tells its connection.
    struct Events {
        /// The socket is connected.
        var connected: () -> Void
        /// A whole reply has been read.
        var reply: (RESPValue) -> Void
        /// The socket is gone, for this reason. Called once, the last of all calls.
        var closed: (RedisError) -> Void
    }

    /// hiredis moves what a partial write leaves to the front of its buffer, so it is handed pieces of this size.
    private static let pieceSize = 256 * 1024

    private let loop: RedisEventLoop
    private let builder = ReplyBuilder()
    private var context: UnsafeMutablePointer<redisContext>?
    private var descriptor: Int32 = -1
    private var isTCP = false
    private var isConnected = false
    private var interest: Readiness = .writable
    private var events: Events?
    private var outgoing: [UInt8] = []
    private var outgoingOffset = 0
    private var hiredisHoldsBytes = false

    init(loop: RedisEventLoop) {
        self.loop = loop
    }

    /// Starts to connect. What becomes of it is told to `events`, never thrown.
    func open(_ address: ResolvedAddress, events: Events) {
        self.events = events
        switch address {
        case .tcp(let host, let port):
            isTCP = true
            context = redisConnectNonBlock(host, Int32(port))
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

    /// Writes all of it, now as far as the socket takes it, the rest when it can be written again.
    func write(_ bytes: [UInt8]) {
        if outgoingOffset == outgoing.count {
            outgoing = bytes
            outgoingOffset = 0
        } else {
            outgoing.append(contentsOf: bytes)
        }
        if isConnected, !hiredisHoldsBytes { writeOn() }
    }

    /// Ends the connection. Further calls do nothing.
    func close(_ reason: RedisError) {
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
            if readiness.contains(.writable), context != nil { writeOn() }
        }
    }

    // MARK: - Steps

    private func finishConnecting() {
        let error = chiredis_socket_error(descriptor)
        guard error == 0 else {
            return close(RedisError(.notConnected, "cannot connect: \(String(cString: strerror(error)))"))
        }
        isConnected = true
        // hiredis takes a Unix socket's refusal of the TCP options for an error of the connection.
        if isTCP { redisEnableKeepAlive(context) }
        listen(for: .readable)
        events?.connected()
        if context != nil, !hiredisHoldsBytes { writeOn() }
    }

    private func readOn() {
        guard let context else { return }
        let result = chiredis_read_available(context)
        // Replies that came before the end of the stream are still good.
        do throws(ProtocolViolation) {
            while let reply = try ReplyReader.next(from: chiredis_context_reader(context), builder) {
                events?.reply(reply)
                guard self.context != nil else { return }
            }
        } catch {
            let message = "the peer does not speak the Redis protocol: \(error.message)"
            return close(RedisError(.protocolViolation, message, mayHaveBeenExecuted: true))
        }
        if result != 0 {
            close(connectionLost(context))
        }
    }

    private func writeOn() {
        guard let context else { return }
        while true {
            if !hiredisHoldsBytes {
                guard outgoingOffset < outgoing.count else { break }
                let piece = outgoing[outgoingOffset..<min(outgoing.count, outgoingOffset + Self.pieceSize)]
                piece.withUnsafeBytes { bytes in
                    _ = redisAppendFormattedCommand(
                        context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
                }
                outgoingOffset = piece.endIndex
            }
            var isDone: Int32 = 0
            guard redisBufferWrite(context, &isDone) == REDIS_OK else {
                return close(connectionLost(context))
            }
            hiredisHoldsBytes = isDone == 0
            if hiredisHoldsBytes { return listen(for: [.readable, .writable]) }
        }
        if outgoingOffset > 0 {
            outgoing = []
            outgoingOffset = 0
        }
        listen(for: .readable)
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
