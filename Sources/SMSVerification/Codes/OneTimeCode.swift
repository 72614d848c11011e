internal import TaskQueue

/// The six digits that a person receives and types back. Leading zeros belong to it.
///
/// Its description is masked: a code that is printed by accident stays secret.
public struct OneTimeCode: Sendable, Hashable, SecretValue {
    /// The digits.
    public let digits: String

    /// Takes digits as they were received; nil unless they are four to six ASCII digits, which is what gateways accept.
    public init?(_ text: String) {
        let isWellFormed =
            (4...6).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isWellFormed else { return nil }
        digits = text
    }

    private init(number: Int) {
        let text = String(number)
        digits = String(repeating: "0", count: 6 - text.count) + text
    }

    /// A new code, every one of the million equally likely. The system's generator is a cryptographic one.
    public static func random() -> OneTimeCode {
        var generator = PooledRandomNumbers()
        return OneTimeCode(number: Int.random(in: 0...999_999, using: &generator))
    }

    public var description: String { String(repeating: "*", count: digits.utf8.count) }
}
