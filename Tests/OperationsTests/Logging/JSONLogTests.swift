import Foundation
import Logging
import Testing

@testable import Operations

@Suite struct JSONLogTests {
    private struct Line: Decodable {
        var ts: String
        var level: String
        var logger: String
        var message: String
        var metadata: [String: Value]?
    }

    private enum Value: Decodable, Equatable {
        case text(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }
    }

    private let collector = LineCollector()

    private func line() throws -> Line {
        let text = try #require(collector.lines.first)
        #expect(text.filter(\.isNewline).count == 1)
        return try JSONDecoder().decode(Line.self, from: Data(text.utf8))
    }

    @Test func aLineHoldsEverything() throws {
        collector.logger(.json).notice("sent", metadata: ["queue": "celery"])
        #expect(
            collector.lines == [
                #"{"ts":"2026-11-22T21:56:57.003Z","level":"notice","logger":"sms-worker","message":"sent","#
                    + #""metadata":{"queue":"celery"}}"# + "\n"
            ])
    }

    @Test(arguments: ["plain", "a\n\"b\"\\c\t\r", "\u{0}\u{1}\u{1f}\u{7f}\u{85}\u{2028}\u{202e}", "短信 👨‍👩‍👧", "</script>"])
    func anyTextComesBackAsItWas(text: String) throws {
        collector.logger(.json).info("\(text)", metadata: ["\(text)": "\(text)"])
        let line = try line()
        #expect(line.message == text)
        #expect(line.metadata == [text: .text(text)])
    }

    @Test func nestedMetadataStaysNested() throws {
        collector.logger(.json).info("x", metadata: ["a": ["b", ["c": "d"]], "n": "\(1)", "e": [], "o": [:]])
        #expect(
            try line().metadata == [
                "a": .list([.text("b"), .object(["c": .text("d")])]), "n": .text("1"), "e": .list([]),
                "o": .object([:]),
            ])
    }

    @Test func theJournalGetsPrioritiesToo() {
        collector.logger(.json, isJournal: true).error("x")
        #expect(collector.lines.first?.hasPrefix(#"<3>{"ts":"#) == true)
    }
}
