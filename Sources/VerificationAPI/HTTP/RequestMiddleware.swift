import HTTPTypes
import Hummingbird
import Logging
import SMSVerification
import TaskQueue

/// Gives each request an id, which its answer has as `X-Request-Id`, counts and times requests by route pattern and status,
/// and says each at debug level.
///
/// The id is the job's too, so it is always one of our own: two jobs must never have the same.
///
/// Neither a label nor a line holds the path or the query: they carry the number and the captcha's answer.
struct RequestMiddleware<Context: RequestContext>: RouterMiddleware {
    let metrics: RequestMetrics
    let inFlight: RequestsInFlight

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let id = TaskID.random()
        inFlight.begin()
        defer { inFlight.end() }
        return try await RequestID.$current.withValue(id) {
            var response = try await measured(request, context, next)
            response.headers[.requestID] = id.text
            return response
        }
    }

    private func measured(
        _ request: Request, _ context: Context, _ next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        metrics.record(route: context.routePattern, status: response.status.code, duration: duration)
        context.logger.debug(
            "Request",
            metadata: [
                "method": .string(HTTPRequest.Method.defined.contains(request.method) ? request.method.rawValue : "?"),
                "route": .string(context.routePattern),
                "status": .stringConvertible(response.status.code),
                "duration": .stringConvertible(duration),
            ])
        return response
    }
}
