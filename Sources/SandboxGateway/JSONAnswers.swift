internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension JSONEncoder {
    /// Names in order, times as ISO 8601 with milliseconds in UTC.
    static let sandbox: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
        return encoder
    }()
}

extension Response {
    /// An answer with a JSON body.
    ///
    /// - Parameter retryAfter: The seconds until the caller may try again.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, retryAfter: Int? = nil
    ) throws -> Response {
        let body = ByteBuffer(bytes: try JSONEncoder.sandbox.encode(value))
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        headers[.retryAfter] = retryAfter.map(String.init)
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}
