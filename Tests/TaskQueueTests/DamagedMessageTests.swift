import Foundation
import TestSupport
import Testing

@testable import TaskQueue

/// Captured messages that were damaged at random: each is read or refused, and nothing else happens.
@Suite struct DamagedMessageTests {
    private static let seed = UInt64.random(in: .min ... .max)

    private func damaged(_ raw: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var raw = raw
        let signs = Array(#""\{}[],:0e.-u"#.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let index = Int.random(in: 0..<raw.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: raw[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: raw.insert(signs[Int.random(in: signs.indices, using: &generator)], at: index)
            case 2: raw.remove(at: index)
            case 3: raw.removeSubrange(index..<min(raw.count, index + 9))
            default: raw.removeLast(raw.count - index)
            }
            if raw.isEmpty { return [] }
        }
        return raw
    }

    @Test func aDamagedMessageIsReadOrRefused() throws {
        var generator = SeededGenerator(seed: Self.seed)
        let samples = try Sample.names().flatMap { try Sample.messages($0) }
        var read = 0
        var refused = 0
        for _ in 0..<20_000 {
            let raw = damaged(try #require(samples.randomElement(using: &generator)), &generator)
            do throws(MessageRefusal) {
                let message = try TaskMessage(raw)
                read += 1
                // What goes back can be read again.
                _ = try TaskMessage(message.republished(retries: 1, redeliveries: 1))
            } catch {
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100, "seed \(Self.seed)")
    }

    @Test func whatFoundationTakesForJSONIsTakenToo() throws {
        var generator = SeededGenerator(seed: Self.seed)
        let samples = try Sample.names().flatMap { try Sample.messages($0) }
        for _ in 0..<5_000 {
            let raw = damaged(try #require(samples.randomElement(using: &generator)), &generator)
            guard let value = try? JSONSerialization.jsonObject(with: Data(raw), options: .fragmentsAllowed) else {
                continue
            }
            // A comma behind the last one is no JSON, although Foundation takes it.
            guard String(decoding: raw, as: UTF8.self).firstMatch(of: /,\s*[\}\]]/) == nil else { continue }
            let json = try #require(try? JSONText(raw), "seed \(Self.seed): \(String(decoding: raw, as: UTF8.self))")
            guard let object = value as? [String: Any] else { continue }
            #expect(Set(json.members.map(\.name)) == Set(object.keys), "seed \(Self.seed)")
            for case (let name, let text as String) in object where !text.contains("\u{FFFD}") {
                #expect(json[name]?.string == text, "seed \(Self.seed)")
            }
        }
    }
}
