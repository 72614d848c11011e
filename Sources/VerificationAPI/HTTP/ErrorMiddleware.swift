import HTTPTypes
import Hummingbird
import Logging
import SMSVerification

/// Turns whatever a route throws, or the router's own refusal, into a ``Problem``.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    let unavailability: UnavailabilityLog

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let problem: Problem
        do {
            return try await next(request, context)
        } catch let error as Problem {
            problem = error
        } catch let error as VerificationUnavailable {
            unavailability.record(error, logger: context.logger)
            problem = Problem(
                .unavailable, detail: "The service's store cannot be used at the moment. Try again.",
                headers: [.retryAfter: "1"])
        } catch let error as HTTPError where error.status == .notFound {
            problem = .unknownPath(method: request.method)
        } catch let error as any HTTPResponseError {
            problem = Problem(error.status, detail: "The request was refused: \(error.status.reasonPhrase).")
        } catch let error as CancellationError {
            throw error
        } catch {
            context.logger.error(
                "A route failed",
                metadata: ["route": .string(context.routePattern), "error": .string("\(error)")])
            problem = Problem(
                .internalServerError, detail: "The request could not be carried out; the service's log says why.")
        }
        return try problem.response(from: request, context: context)
    }
}

extension Problem {
    static let nothingHere = Problem(.notFound, detail: "There is nothing at this path.")

    /// The router knows no such path, or the method is none that HTTP defines.
    fileprivate static func unknownPath(method: HTTPRequest.Method) -> Problem {
        if HTTPRequest.Method.defined.contains(method) {
            return .nothingHere
        }
        return Problem(.notImplemented, detail: "The service does not know this request method.")
    }
}
