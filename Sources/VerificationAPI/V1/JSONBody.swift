import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body as a JSON value of that type.
    ///
    /// - Throws: A ``Problem`` that names the field at fault, never what stands there.
    func json<Value: Decodable>(_ type: Value.Type, _ context: APIRequestContext) async throws -> Value {
        guard let mediaType = headers[.contentType], Self.isJSON(mediaType) else {
            throw Problem(
                .unsupportedContent, detail: "Send the body as JSON, with the header Content-Type: application/json.")
        }
        let bytes = try await bodyBytes(upTo: context.maxUploadSize)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Problem(.invalidRequest, detail: error.naming)
        }
    }

    /// The whole body.
    ///
    /// - Throws: A ``Problem`` when it is longer.
    func bodyBytes(upTo limit: Int) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit: limit)
        }
    }

    /// `application/json`, with or without parameters.
    private static func isJSON(_ mediaType: String) -> Bool {
        let name = mediaType.prefix { $0 != ";" }.filter { !$0.isWhitespace }
        return name.lowercased() == "application/json"
    }
}

extension DecodingError {
    /// The field and the remedy, without the value.
    fileprivate var naming: String {
        func name(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        switch self {
        case .keyNotFound(let key, let context): return "\(name(context.codingPath + [key])): is missing."
        case .valueNotFound(_, let context) where !context.codingPath.isEmpty:
            return "\(name(context.codingPath)): is null, a value is needed."
        case .typeMismatch(let type, let context) where !context.codingPath.isEmpty:
            let expected = type == String.self ? "a text" : type == Int.self ? "a whole number" : "an object"
            return "\(name(context.codingPath)): expected \(expected)."
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(name(context.codingPath)): cannot be read."
        // Of a number that does not fit the decoder does not say where it stands.
        default: return "The body is not a JSON object, or a number in it is not a whole one."
        }
    }
}
