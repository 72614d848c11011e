internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// The inbox as server-sent events (WHATWG HTML, section 9.2).
///
/// `reset` tells the page to begin anew, `message` brings one message, new or changed. The event's id holds the position,
/// so that a browser that was cut off goes on where it stopped.
struct InboxEvents: Sendable {
    let inbox: Inbox
    private let newestMessages = 200

    func response(to request: Request) -> Response {
        let position = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }.flatMap(Inbox.Position.init)
        let body = ResponseBody { writer in
            // The loop alone would notice a closed browser only when it next writes.
            var output = writer
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await write(to: &output, after: position)
            }
            try await output.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
    }

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter, after start: Inbox.Position?) async throws {
        var position = start
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        for await _ in inbox.bell().cancelOnGracefulShutdown() {
            let news = inbox.news(after: position, limit: newestMessages)
            var text = news.startsAnew ? "event: reset\nid: \(news.position.epoch)-0\ndata: {}\n\n" : ""
            for (message, change) in news.messages.sorted(by: { $0.change < $1.change }) {
                let json = String(decoding: try JSONEncoder.sandbox.encode(message), as: UTF8.self)
                text += "event: message\nid: \(news.position.epoch)-\(change)\ndata: \(json)\n\n"
            }
            try await writer.write(ByteBuffer(string: text.isEmpty ? ": nothing new\n\n" : text))
            position = news.position
        }
    }
}

extension Inbox.Position {
    /// Reads what ``InboxEvents`` writes as an event's id.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "-")
        guard parts.count == 2, let change = Int(parts[1]) else { return nil }
        self.init(epoch: String(parts[0]), change: change)
    }
}
