import HTTPTypes
import Hummingbird

/// What holds for every request and answer: the size of a body, the security headers, HEAD without a body.
struct ResponseRules<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > context.maxUploadSize {
            response = try Problem.bodyTooLarge(limit: context.maxUploadSize).response(from: request, context: context)
        } else {
            response = try await next(request, context)
        }
        for field in HTTPFields.security {
            response.headers[field.name] = field.value
        }
        return request.method == .head ? response.createHeadResponse() : response
    }
}

extension Problem {
    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(.contentTooLarge, detail: "A request's body may hold \(limit) bytes at most.")
    }
}
