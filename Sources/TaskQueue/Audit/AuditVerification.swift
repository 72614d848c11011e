/// An entry as somebody has noted it elsewhere: `42:3f0c…`, or only the first digits of its hash.
public struct AuditMark: Sendable, Hashable {
    /// Fewer digits of a hash would be too easily met.
    private static let fewestDigits = 8

    let number: Int
    let hash: String

    init(number: Int, hash: String) {
        self.number = number
        self.hash = hash
    }

    /// As it is noted.
    var text: String { "\(number):\(hash)" }

    /// Reads a mark; nil when the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[1].allSatisfy(\.isHexDigit),
            (Self.fewestDigits...64).contains(parts[1].count)
        else { return nil }
        self.number = number
        hash = parts[1].lowercased()
    }
}

/// Whether an audit log is as it was written.
public struct AuditVerification: Sendable, Codable, Hashable {
    /// How many entries it has.
    public var entries: Int
    /// How many of them are signed.
    public var signed: Int
    /// Whether signatures were checked: only with the key they can be.
    public var areSignaturesChecked: Bool
    /// The last entry, to be noted elsewhere; nil when there is none.
    public var mark: String?
    /// What is wrong, of much only the first.
    public var findings: [String]

    /// Nothing is wrong.
    public var isIntact: Bool { findings.isEmpty }
}
