internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A TLS connection, carried by swift-nio: the hiredis of Debian 12 has no TLS. hiredis' reader reads the replies here too.
///
/// The bytes travel on a thread of swift-nio and are handed over to the event loop, where everything else happens.
final class TLSTransport: Transport {
    private let loop: RedisEventLoop
    private let settings: TLSSettings
    private let connectTimeout: Duration
    private let reader = ReplyReader()
    private var events: TransportEvents?
    private var channel: (any Channel)?
    private var isSecured = false
    private var unfinishedWrites = 0

    init(loop: RedisEventLoop, settings: TLSSettings, connectTimeout: Duration) {
        self.loop = loop
        self.connectTimeout = connectTimeout
        self.settings = settings
    }

    func open(_ address: ServerAddress, events: TransportEvents) {
        self.events = events
        guard case .tcp(let ip, let port) = address.location else {
            return close(RedisError(.invalidURL, "TLS goes over TCP only"))
        }
        let me = LoopBound(confined: self, identity: loop.identity)
        let (loop, settings) = (loop, settings)
        // A name is sent to the server. Its certificate must hold the name, or the address that was connected to.
        let name = address.name.flatMap { AddressResolver.isNumeric($0) ? nil : $0 }
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(Self.tcpOption(TCP_KEEPIDLE), value: .init(KeepAlive.idleSeconds))
            .channelOption(Self.tcpOption(TCP_KEEPINTVL), value: .init(KeepAlive.intervalSeconds))
            .channelOption(Self.tcpOption(TCP_KEEPCNT), value: .init(KeepAlive.probes))
            .channelOption(Self.tcpOption(TCP_USER_TIMEOUT), value: .init(KeepAlive.milliseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // The files are read here, off the event loop's thread.
                    let context = try settings.context()
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: context, serverHostname: name),
                        TLSEvents { event in loop.execute { me.withValue { $0.handle(event) } } })
                }
            }
            .connect(host: ip, port: port)
            .whenComplete { result in
                loop.execute { me.withValue { $0.opened(result) } }
            }
    }

    func write(_ bytes: [UInt8]) {
        guard let channel else { return }
        unfinishedWrites += 1
        let me = LoopBound(confined: self, identity: loop.identity)
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess { [loop] in
            loop.execute { me.withValue { $0.finishedWrite() } }
        }
    }

    var hasRoom: Bool { channel != nil && unfinishedWrites == 0 }

    func close(_ reason: RedisError) {
        channel?.close(promise: nil)
        channel = nil
        let events = self.events
        self.events = nil
        events?.closed(reason)
    }

    // MARK: - Steps

    private func opened(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel) where events != nil: self.channel = channel
        case .success(let channel): channel.close(promise: nil)  // it was given up meanwhile
        case .failure(let error): close(Self.connectError(error))
        }
    }

    private func handle(_ event: TLSEvents.Event) {
        guard events != nil else { return }
        switch event {
        case .secured(let channel):
            self.channel = channel
            isSecured = true
            events?.connected()
        case .received(let bytes): read(bytes)
        case .failed(let error) where isSecured: close(Self.lostError(error))
        case .failed(let error): close(Self.connectError(error))
        case .closed: close(RedisError(.connectionLost, "connection lost: Server closed the connection"))
        }
    }

    private func read(_ bytes: [UInt8]) {
        reader.feed(bytes)
        var replies: [RESPValue] = []
        var violation: ProtocolViolation?
        do throws(ProtocolViolation) {
            while let reply = try reader.next() { replies.append(reply) }
        } catch {
            violation = error
        }
        if !replies.isEmpty { events?.replies(replies) }
        if let violation { close(RedisError(violation)) }
    }

    private func finishedWrite() {
        unfinishedWrites -= 1
        if unfinishedWrites == 0 { events?.drained() }
    }

    // MARK: - Words

    private static func tcpOption(_ name: Int32) -> ChannelOptions.Types.SocketOption {
        ChannelOptions.Types.SocketOption(level: .tcp, name: NIOBSDSocket.Option(rawValue: name))
    }

    private static func connectError(_ error: any Error) -> RedisError {
        switch error {
        case let error as RedisError: error
        case let error as IOError:
            RedisError(.notConnected, "cannot connect: \(String(cString: strerror(error.errnoCode)))")
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { connectError($0.error) }
                ?? RedisError(.notConnected, "cannot connect: \(error.host) has no address")
        case is NIOSSLExtraError:
            RedisError(
                .notConnected,
                "TLS: the server's certificate is for another host; use its name, or set ssl_check_hostname=false")
        case NIOSSLError.handshakeFailed(let reason):
            handshakeError("\(reason)")
        case NIOSSLError.uncleanShutdown:
            RedisError(.connectionLost, "connection lost: Server closed the connection")
        default: handshakeError("\(error)")
        }
    }

    /// Once the connection was good. A server that wants a client certificate may say so only then.
    private static func lostError(_ error: any Error) -> RedisError {
        let reason = "\(error)"
        if reason.contains("ALERT") { return handshakeError(reason) }
        guard let error = error as? IOError else {
            return RedisError(.connectionLost, "connection lost: Server closed the connection")
        }
        return RedisError(.connectionLost, "connection lost: \(String(cString: strerror(error.errnoCode)))")
    }

    private static func handshakeError(_ reason: String) -> RedisError {
        if reason.contains("CERTIFICATE_VERIFY_FAILED") {
            let reasons = "it is expired, not valid yet, or signed by an authority that is not known; see ssl_ca_certs"
            return RedisError(.notConnected, "TLS: the server's certificate is not trusted: \(reasons)")
        }
        if reason.contains("ALERT") {
            let hint = "it may want a client certificate: ssl_certfile and ssl_keyfile"
            return RedisError(.notConnected, "TLS: the server refused the connection; \(hint)")
        }
        return RedisError(.notConnected, "TLS: the handshake failed; is this the server's TLS port?")
    }
}

/// Tells what happens on a channel behind TLS.
private final class TLSEvents: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Event: Sendable {
        case secured(any Channel)
        case received([UInt8])
        case failed(any Error)
        case closed
    }

    private let tell: @Sendable (Event) -> Void

    init(_ tell: @escaping @Sendable (Event) -> Void) {
        self.tell = tell
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { tell(.secured(context.channel)) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        tell(.received(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tell(.failed(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(.closed)
        context.fireChannelInactive()
    }
}

extension TLSSettings {
    /// Reads the files.
    fileprivate func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let authorityFile { configuration.trustRoots = .file(authorityFile) }
            if let certificateFile {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                    .certificate($0)
                }
            }
            if let keyFile {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem))
            }
            switch verification {
            case .full: configuration.certificateVerification = .fullVerification
            case .authorityOnly: configuration.certificateVerification = .noHostnameVerification
            case .none: configuration.certificateVerification = .none
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // Looking at them one by one finds what is wrong with a file; else they do not belong together.
            try checkFiles()
            throw RedisError(.notConnected, "TLS: ssl_keyfile does not hold the key of the certificate in ssl_certfile")
        }
    }
}
