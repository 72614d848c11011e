/// All the middleware of a worker, in its order.
struct TaskObservers: Sendable {
    private let middleware: [any TaskMiddleware]
    private let wrapping: [any TaskMiddleware]

    init(_ middleware: [any TaskMiddleware]) {
        self.middleware = middleware
        wrapping = middleware.filter(\.wrapsAttempts)
    }

    func observe(_ event: TaskEvent) {
        for middleware in middleware { middleware.observe(event) }
    }

    /// Runs the body inside of all the middleware, of which the first is the outermost.
    func around(_ context: TaskContext, _ body: TaskRegistry.Body) async throws -> TaskResult {
        guard !wrapping.isEmpty else { return try await body(context) }
        return try await around(context, body, wrapping[...])
    }

    private func around(
        _ context: TaskContext, _ body: TaskRegistry.Body, _ rest: ArraySlice<any TaskMiddleware>
    ) async throws -> TaskResult {
        guard let outermost = rest.first else { return try await body(context) }
        var result: TaskResult?
        try await outermost.run(context) { result = try await around(context, body, rest.dropFirst()) }
        guard let result else { throw TaskRejection("not-run", "a middleware has not called the task") }
        return result
    }
}
