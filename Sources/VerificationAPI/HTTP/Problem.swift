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
    /// What a program may read of it, beside the members that all problems have.
    public var members: [String: Member]
    /// Further header fields of the answer, for example `Retry-After`.
    public var headers: HTTPFields

    /// A member of a problem's own.
    public enum Member: Encodable, Sendable, Equatable {
        /// A whole number.
        case number(Int)
        /// One text.
        case text(String)
        /// Several texts.
        case texts([String])

        /// As JSON has it.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            case .texts(let texts): try container.encode(texts)
            }
        }
    }

    /// Describes one problem.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - type: A URI that identifies the kind of problem.
    ///   - title: A short summary of that kind; nil takes the status's own phrase.
    ///   - detail: What went wrong this time, and the remedy.
    ///   - members: What a program may read of it, beside the members that all problems have.
    ///   - headers: Further header fields.
    public init(
        _ status: HTTPResponse.Status, type: String = "about:blank", title: String? = nil, detail: String,
        members: [String: Member] = [:], headers: HTTPFields = [:]
    ) {
        self.status = status
        self.type = type
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.members = members
        self.headers = headers
    }

    /// The answer: `application/problem+json`, never cached.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        let body = ByteBuffer(bytes: try encoder.encode(Document(problem: self)))
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }

    private struct Document: Encodable {
        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.init(stringValue) }
            init?(intValue: Int) { nil }
        }

        let problem: Problem

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (name, member) in problem.members { try container.encode(member, forKey: Name(name)) }
            try container.encode(problem.type, forKey: Name("type"))
            try container.encode(problem.title, forKey: Name("title"))
            try container.encode(problem.status.code, forKey: Name("status"))
            try container.encode(problem.detail, forKey: Name("detail"))
        }
    }
}
