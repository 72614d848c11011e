import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// What a gateway does once it has read a request.
enum GatewayScript: Sendable {
    /// Writes these bytes and closes the connection.
    case answer(String)
    /// Writes these bytes and keeps the connection open.
    case begin(String)
    /// Says nothing and keeps the connection open.
    case hang
    /// Resets the connection.
    case reset
    /// Resets the connection as soon as the request's head is there, and reads no more of its body.
    case resetWhileWritten

    /// An HTTP answer with a body.
    static func answer(_ status: String, _ body: String, headers: [String] = []) -> GatewayScript {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
        return .answer(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}

/// A TCP server on a free port of this machine that reads HTTP requests, byte for byte, and then does as its script says.
struct ScriptedGateway {
    let port: Int
    private let log: RequestLog

    /// The requests that were read to their end.
    var requests: [String] { log.all }
    /// How many of them came over one connection, at most.
    var mostOfConnection: Int { log.mostOfConnection }

    /// Runs a gateway for as long as `body` runs.
    static func with<Value>(_ script: GatewayScript, _ body: (ScriptedGateway) async throws -> Value) async throws
        -> Value
    {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(ScriptHandler(script, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(ScriptedGateway(port: channel.localAddress?.port ?? 0, log: log))
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }
}

private final class RequestLog: Sendable {
    private let requests = Mutex<[String]>([])
    private let most = Mutex(0)

    var all: [String] { requests.withLock { $0 } }
    var mostOfConnection: Int { most.withLock { $0 } }

    /// - Parameter number: It is that one of its connection, from 1.
    func append(_ request: String, number: Int) {
        requests.withLock { $0.append(request) }
        most.withLock { $0 = max($0, number) }
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: GatewayScript
    private let log: RequestLog
    private var read = ""
    private var number = 0

    init(_ script: GatewayScript, _ log: RequestLog) {
        self.script = script
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        read += String(buffer: unwrapInboundIn(data))
        guard let head = read.range(of: "\r\n\r\n") else { return }
        if case .resetWhileWritten = script { return perform(context) }
        let length = read[..<head.lowerBound].split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) }
        guard read[head.upperBound...].utf8.count == length ?? 0 else { return }
        number += 1
        log.append(read, number: number)
        read = ""
        perform(context)
    }

    private func perform(_ context: ChannelHandlerContext) {
        switch script {
        case .answer(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes)), promise: nil)
            context.close(promise: nil)
        case .begin(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes)), promise: nil)
        case .hang:
            break
        case .reset, .resetWhileWritten:
            resetOnClose(context).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    /// A connection that lingers for zero seconds ends with RST.
    private func resetOnClose(_ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        guard let options = context.channel as? any SocketOptionProvider else {
            return context.eventLoop.makeSucceededVoidFuture()
        }
        return options.getSoLinger().flatMap { linger in
            var linger = linger
            // The first member says whether to linger, the second, zero by default, how long.
            withUnsafeMutableBytes(of: &linger) { $0.storeBytes(of: 1, as: CInt.self) }
            return options.setSoLinger(linger)
        }
    }
}
