internal import Hummingbird
internal import Logging
internal import TaskQueue

/// Pausing a queue, and going on.
struct QueueActions {
    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.post(RouterPath(ConsolePath.pause)) { request, context in
            try await change(request, context, "paused: what runs goes on, what comes waits") { try await $0.pause() }
        }
        router.post(RouterPath(ConsolePath.resume)) { request, context in
            try await change(request, context, "resumed") { _ = try await $0.resume() }
        }
    }

    private func change(
        _ request: Request, _ context: ConsoleContext, _ what: String, _ body: (QueueInspector) async throws -> Void
    ) async throws -> Response {
        let fields = try await console.changes(request, context)
        let queue = console.inspector(fields)
        try await body(queue)
        console.logger.notice("console: the queue \(queue.queue) is \(what)")
        if let session = context.session { console.sessions.tell("The queue \(queue.queue) is \(what).", session) }
        return .seeOther(ConsolePath.overview + FormFields(["queue": queue.queue]).query)
    }
}
