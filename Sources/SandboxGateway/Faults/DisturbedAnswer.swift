internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What goes out in place of the right answer.
enum DisturbedAnswer {
    /// Nobody waits as long, but a connection must not stay for ever.
    private static let longestSilence = TimeAmount.seconds(120)

    /// What a call gets that meets a fault before anybody has looked at it.
    static func onArrival(_ met: FaultSwitch, _ request: Request, _ context: SandboxContext) async throws -> Response {
        if met.fault != .resetBeforeBody { _ = try await request.body.collect(upTo: 64 * 1024) }
        switch met.fault {
        case .hang: try await stayAway(context)
        case .httpError:
            let status = HTTPResponse.Status(code: met.status)
            return page("<html><body><h1>\(met.status) \(status.reasonPhrase)</h1></body></html>", status)
        default: try await reset(context.channel)
        }
    }

    /// What goes out in place of `response`, which says that the message was taken.
    static func afterwards(_ fault: SandboxFault?, _ response: Response, _ context: SandboxContext) async throws
        -> Response
    {
        switch fault {
        case .hang, .hangAfterSending: try await stayAway(context)
        case .resetAfterSending: try await reset(context.channel)
        case .garbage: page("<html><body>It works!</body></html>", .ok)
        case .wrongJSON: wrongJSON
        case .slowBytes: slow(response, context)
        default: response
        }
    }

    private static func page(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Every vendor's names, none with a value of the right type.
    private static var wrongJSON: Response {
        let text = #"{"statusCode":[],"Code":{},"Response":[7],"sid":{},"code":"?","status":["accepted"]}"#
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func slow(_ response: Response, _ context: SandboxContext) -> Response {
        let body = response.body
        return Response(
            status: response.status, headers: response.headers,
            body: ResponseBody(contentLength: body.contentLength) { writer in
                try await body.write(SlowBodyWriter(base: writer, eventLoop: context.channel.eventLoop))
            })
    }

    private static func stayAway(_ context: SandboxContext) async throws -> Never {
        await context.channel.eventLoop.pause(longestSilence)
        throw HTTPError(.gatewayTimeout)
    }

    /// Ends the connection so that the caller's kernel says "connection reset by peer", not "end of file".
    private static func reset(_ channel: any Channel) async throws -> Never {
        if let socket = channel as? any SocketOptionProvider {
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close().get()
        throw CancellationError()
    }
}

/// Writes a byte at a time, with a tenth of a second in between.
private struct SlowBodyWriter: ResponseBodyWriter {
    var base: any ResponseBodyWriter
    let eventLoop: any EventLoop

    @concurrent
    mutating func write(_ buffer: ByteBuffer) async throws {
        for byte in buffer.readableBytesView {
            try await base.write(ByteBuffer(bytes: CollectionOfOne(byte)))
            await eventLoop.pause(.milliseconds(100))
        }
    }

    @concurrent
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await base.finish(trailingHeaders)
    }
}
