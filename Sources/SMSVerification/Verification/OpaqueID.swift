internal import TaskQueue

/// An id that nobody can guess: 128 bits from the system's generator, as 32 lower-case hexadecimal digits.
public protocol OpaqueID: Sendable, Hashable, CustomStringConvertible {
    /// The digits.
    var text: String { get }
    /// Takes digits that were checked.
    init(checked text: String)
}

extension OpaqueID {
    /// A new one.
    public static func random() -> Self {
        let random = PooledRandomNumbers()
        return Self(checked: Hexadecimal.text(random.next()) + Hexadecimal.text(random.next()))
    }

    /// Reads an id as it was given out; nil for everything else.
    public init?(_ text: some StringProtocol) {
        let isWellFormed =
            text.utf8.count == 32
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                default: false
                }
            }
        guard isWellFormed else { return nil }
        self.init(checked: String(text))
    }

    public var description: String { text }
}

/// Tells one verification from all others: one number, one purpose, one client, one code.
public struct VerificationID: OpaqueID {
    public let text: String
    public init(checked text: String) { self.text = text }
}

/// Tells one picture from all others. The service makes it, never the client.
public struct PictureID: OpaqueID {
    public let text: String
    public init(checked text: String) { self.text = text }
}

/// What a browser or an application proves by that it is the one that asked: a cookie, or a token in the request.
/// Whoever has it acts as that client, so that its description is masked.
public struct ClientToken: OpaqueID, SecretValue {
    public let text: String
    public init(checked text: String) { self.text = text }
    public var description: String { "client ***" }
}
