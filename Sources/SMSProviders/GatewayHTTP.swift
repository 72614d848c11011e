internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

/// One HTTP call to a gateway, made so that a failure tells whether the message may have been sent.
struct GatewayHTTP: Sendable {
    /// Must be made with ``AsyncHTTPClient/HTTPClient/Configuration/smsGateway(connectTimeout:connections:)``.
    let client: HTTPClient
    /// How long the call may take from its start to the last byte of the answer.
    let callTimeout: Duration
    /// How many bytes of an answer are read at most.
    let bodyLimit: Int

    /// Posts `body` and reads the whole answer, whatever its status is.
    ///
    /// - Parameter latest: When a connection stands only later, the body is not sent; nil: it always is.
    func post(
        _ url: String, headers: HTTPHeaders, body: ByteBuffer, latest: ContinuousClock.Instant? = nil
    ) async throws(GatewayFailure) -> GatewayReply {
        let eventLoop = client.eventLoopGroup.any()
        let upload = GatewayUpload(latest: latest)
        let stream = HTTPClient.Body.stream(contentLength: Int64(body.readableBytes)) { writer in
            do {
                try upload.begin()
            } catch {
                return eventLoop.makeFailedFuture(error)
            }
            return writer.write(.byteBuffer(body))
        }
        do {
            let request = try HTTPClient.Request(url: url, method: .POST, headers: headers, body: stream)
            return try await exchange(request, on: eventLoop)
        } catch {
            throw GatewayFailure(error, mayHaveBeenSent: upload.hasBegun)
        }
    }

    /// Posts `body` and says what became of the message.
    ///
    /// - Parameters:
    ///   - message: What the body carries: it does not leave after the message's latest instant.
    ///   - read: Understands the answer; nil leaves it to the HTTP status.
    func result(
        ofPosting message: OutgoingMessage, to url: String, headers: HTTPHeaders, body: ByteBuffer,
        read: (GatewayReply) -> SendResult?
    ) async -> SendResult {
        do {
            let reply = try await post(url, headers: headers, body: body, latest: message.latest)
            var result = read(reply) ?? reply.resultByStatus
            result.clockOffset = reply.clockOffset
            return result
        } catch {
            return error.result
        }
    }

    /// Asks about a message. Whatever comes between leaves its outcome unknown.
    ///
    /// - Parameter read: Understands the answer; nil: it cannot be understood.
    func answer(
        toAsking url: String, headers: HTTPHeaders, body: ByteBuffer, read: (ByteBuffer) -> SendResult?
    ) async -> SendResult {
        do {
            let reply = try await post(url, headers: headers, body: body)
            var result =
                read(reply.body)
                ?? SendResult(.unknown(.pending), detail: "the query got HTTP \(reply.status) and no usable answer")
            result.clockOffset = reply.clockOffset
            return result
        } catch {
            return SendResult(.unknown(.pending), detail: "the query failed: \(error.result.detail)")
        }
    }

    /// Without tasks of its own, which would be most of a call's cost: the deadline is one of the event loop's.
    private func exchange(_ request: HTTPClient.Request, on eventLoop: any EventLoop) async throws -> GatewayReply {
        let call = client.execute(
            request: request, delegate: ResponseAccumulator(request: request, maxBodySize: bodyLimit),
            eventLoop: .delegate(on: eventLoop), deadline: .now() + TimeAmount(callTimeout))
        let response = try await withTaskCancellationHandler {
            try await call.get()
        } onCancel: {
            call.fail(reason: CancellationError())
        }
        let ahead = response.headers.first(name: "Date").flatMap(HTTPDate.date).map { Date().timeIntervalSince($0) }
        return GatewayReply(
            status: Int(response.status.code),
            retryAfter: response.headers.first(name: "Retry-After").flatMap(GatewayReply.delay),
            body: response.body ?? ByteBuffer(), clockOffset: ahead.map { .seconds($0) })
    }
}

extension String {
    /// A base address, to which a path is added.
    package var droppingTrailingSlash: String {
        hasSuffix("/") ? String(dropLast()) : self
    }
}
