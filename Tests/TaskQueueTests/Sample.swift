import Foundation
import Testing

/// Messages that a real Celery 5.7 wrote, byte for byte.
enum Sample {
    private struct File: Decodable {
        struct Message: Decodable {
            var raw: String
        }
        var messages: [Message]
    }

    static func messages(_ name: String) throws -> [[UInt8]] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Samples"))
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).messages.map { Array($0.raw.utf8) }
    }

    static func message(_ name: String) throws -> [UInt8] {
        try #require(try messages(name).first)
    }
}
