/// What a number is verified for. A code that was sent for one purpose is no good for another.
public struct Purpose: Sendable, Hashable, CustomStringConvertible {
    /// For requests that do not say.
    public static let standard = Purpose(checked: "verify")

    /// The name: 1 to 32 lower-case ASCII letters, digits and hyphens.
    public let name: String

    /// Reads a name; nil when it has another form.
    public init?(_ name: some StringProtocol) {
        let isWellFormed =
            (1...32).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isWellFormed else { return nil }
        self.init(checked: String(name))
    }

    private init(checked name: String) {
        self.name = name
    }

    public var description: String { name }
}
