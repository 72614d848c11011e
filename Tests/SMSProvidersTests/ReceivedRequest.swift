import Foundation
import NIOHTTP1
import Testing

/// A request that the scripted gateway has read, in its parts.
struct ReceivedRequest {
    let line: String
    let headers: HTTPHeaders
    let body: String

    init(_ text: String) throws {
        let end = try #require(text.range(of: "\r\n\r\n"))
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        line = lines[0]
        headers = HTTPHeaders(
            try lines.dropFirst().map { line in
                let colon = try #require(line.range(of: ": "))
                return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
            })
        body = String(text[end.upperBound...])
    }
}
