import Foundation
import Testing

/// A worked example of the vendor's signature scheme, checked against the vendor's own SDK.
struct YuntongxunVector: Decodable, Sendable, CustomTestStringConvertible {
    var accountSid: String
    var authToken: String
    var timestamp: String
    var secondsSince1970: Int
    var sig: String
    var authorization: String
    var path: String
    var body: String
    var contentLength: Int

    var testDescription: String { timestamp }

    static let all: [YuntongxunVector] = resource("yuntongxun-vectors")
}

/// One row of the vendor's code list.
struct YuntongxunCodeRow: Decodable, Sendable, CustomTestStringConvertible {
    /// Six digits, or two of them with a hyphen between: a range.
    var code: String
    var `class`: String
    var reason: String

    var testDescription: String { code }

    /// Every code that the row speaks of.
    var codes: [String] {
        let ends = code.split(separator: "-").map { Int($0) ?? -1 }
        return (ends[0]...ends[ends.count - 1]).map { String(format: "%06d", $0) }
    }

    static let all: [YuntongxunCodeRow] = resource("yuntongxun-codes")
}

/// A file of worked examples or codes from the folder of resources.
func resource<Value: Decodable>(_ name: String) -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
        let url = Bundle.module.bundleURL.appending(path: "Resources/\(name).json")
        return try decoder.decode(Value.self, from: Data(contentsOf: url))
    } catch {
        fatalError("Tests/SMSProvidersTests/Resources/\(name).json: \(error)")
    }
}
