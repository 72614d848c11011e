import Foundation
import Testing

@testable import TaskQueue

/// Messages that a real Celery 5.7 wrote, byte for byte.
enum Sample {
    private struct File: Decodable {
        struct Message: Decodable {
            var raw: String
            var decodedBody: String?
            enum CodingKeys: String, CodingKey {
                case raw
                case decodedBody = "decoded_body_text"
            }
        }
        var messages: [Message]
    }

    /// The names of all samples.
    static func names() -> [String] {
        Bundle.module.paths(forResourcesOfType: "json", inDirectory: "Samples").map {
            URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent
        }
    }

    static func messages(_ name: String) throws -> [[UInt8]] {
        try file(name).messages.map { Array($0.raw.utf8) }
    }

    /// The bodies as Celery had them before it compressed and encoded them; nil where that was not captured.
    static func bodies(_ name: String) throws -> [[UInt8]?] {
        try file(name).messages.map { $0.decodedBody.map { Array($0.utf8) } }
    }

    private static func file(_ name: String) throws -> File {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Samples"))
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    }

    static func message(_ name: String) throws -> [UInt8] {
        try #require(try messages(name).first)
    }

    /// Why a worker does not run a message; nil when it does.
    static func refusal(_ raw: [UInt8]) -> MessageRefusal.Reason? {
        do throws(MessageRefusal) {
            _ = try TaskMessage(raw)
            return nil
        } catch {
            return error.reason
        }
    }
}
