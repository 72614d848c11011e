import Foundation
import TestSupport

@testable import SMSProviders

/// Random accounts, messages and times, with the characters that encodings and hashes stumble over.
struct RandomInput {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }

    mutating func flag() -> Bool { .random(using: &generator) }

    mutating func one<Value>(of values: [Value]) -> Value { values[number(0...values.count - 1)] }

    mutating func string(of characters: String, _ length: ClosedRange<Int>) -> String {
        let scalars = Array(characters.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<number(length) { text.append(one(of: scalars)) }
        return String(text)
    }

    mutating func digits(_ length: ClosedRange<Int>) -> String { string(of: "0123456789", length) }

    /// Letters and digits, as in identifiers.
    mutating func word(_ length: ClosedRange<Int>) -> String { string(of: Self.letters, length) }

    mutating func text(_ length: ClosedRange<Int>) -> String { string(of: Self.difficult, length) }

    /// As vendors hand them out, and now and then with what nobody expects in one.
    mutating func secret() -> String {
        number(1...5) == 1 ? text(1...80) : string(of: Self.letters + "+/=-_", 20...70)
    }

    mutating func webhookSecret() -> String {
        let bytes = (0..<number(24...64)).map { _ in UInt8(number(0...255)) }
        return "whsec_" + Data(bytes).base64EncodedString()
    }

    /// From 1990 to 2100, with many seconds before and after midnight in UTC.
    mutating func time() -> Int {
        let day = number(7305...47_482) * 86_400
        return number(1...3) == 1 ? day + number(-2...2) : day + number(0...86_399)
    }

    /// A gateway of the vendor or of one's own, with the scheme's port, another one or none.
    mutating func address(_ host: String, paths: [String] = ["", "/"]) -> String {
        let host = one(of: [host, host, "localhost", "127.0.0.1", "[::1]"])
        return one(of: ["http", "https"]) + "://" + host + one(of: ["", ":80", ":443", ":8443"]) + one(of: paths)
    }

    mutating func message() -> OutgoingMessage {
        let mobile =
            flag()
            ? "1" + string(of: "3456789", 1...1) + digits(9...9) : "+" + string(of: "123456789", 1...1) + digits(7...14)
        var message = OutgoingMessage(
            mobile: mobile, code: digits(4...8), validMinutes: number(1...60),
            taskID: number(1...4) == 1 ? text(1...40) : word(1...36))
        message.purpose = text(1...10)
        message.locale = one(of: ["zh-CN", "en", "pt-BR"])
        message.expires = flag() ? time() : nil
        return message
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let difficult =
        "aZ09 \"'\\+&=%;,:/?#~*()[]<>|^`@!$-._\t\r\n\u{1}\u{1F}\u{7F}ée\u{301}\u{A0}ß验证码，。٣ש\u{2028}\u{FEFF}😀👍🏽"
}
