import FoundationEssentials
public import HTTPTypes
public import Hummingbird

/// An error answer in the form of RFC 9457, "Problem Details for HTTP APIs".
///
/// Throw it from a route, or return it. The detail is read by people and may end up in a client's log, so it names the
/// input and the remedy and never holds a code or a whole phone number.
public struct Problem: HTTPResponseError, Sendable, Equatable {
    /// The HTTP status, repeated in the body.
    public var status: HTTPResponse.Status
    /// A URI that identifies the kind of problem; `about:blank` says that the status alone does.
    public var type: String
    /// A short summary of the kind of problem; for `about:blank` the status's own phrase.
    public var title: String
    /// What went wrong this time, and what to do about it.
    public var detail: String
    /// Further header fields of the answer, for example `Retry-After`.
    public var headers: HTTPFields

    /// Describes one problem.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - type: A URI that identifies the kind of problem.
    ///   - title: A short summary of that kind; nil takes the status's own phrase.
    ///   - detail: What went wrong this time, and the remedy.
    ///   - headers: Further header fields.
    public init(
        _ status: HTTPResponse.Status, type: String = "about:blank", title: String? = nil, detail: String,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.type = type
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.headers = headers
    }

    /// The answer: `application/problem+json`, never cached.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        let members = Members(type: type, title: title, status: status.code, detail: detail)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        let body = ByteBuffer(bytes: try encoder.encode(members))
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }

    private struct Members: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
    }
}
