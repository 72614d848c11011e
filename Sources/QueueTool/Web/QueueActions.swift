internal import Hummingbird
internal import Logging
internal import TaskQueue

/// Pausing a queue, and going on.
struct QueueActions {
    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.post(RouterPath(ConsolePath.pause)) { request, context in
            try await change(request, context, "pause", "paused: what runs goes on, what comes waits") {
                try await $0.pause()
            }
        }
        router.post(RouterPath(ConsolePath.resume)) { request, context in
            try await change(request, context, "resume", "resumed") { _ = try await $0.resume() }
        }
    }

    private func change(
        _ request: Request, _ context: ConsoleContext, _ action: String, _ what: String,
        _ body: (QueueInspector) async throws -> Void
    ) async throws -> Response {
        let queue = console.session(try await console.changes(request, context))
        try await queue.changing(action, by: console.actor(context), body)
        console.logger.notice("console: the queue \(queue.name) is \(what)")
        if let session = context.session { console.sessions.tell("The queue \(queue.name) is \(what).", session) }
        return .seeOther(ConsolePath.overview + FormFields(["queue": queue.name]).query)
    }
}
