/// The language that a person reads, as BCP 47 names it: `zh-CN`, `en`.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc5646>
public struct LanguageTag: Sendable, Hashable, CustomStringConvertible {
    /// The tag as it was written.
    public let text: String

    /// Reads a tag: parts of 1 to 8 ASCII letters and digits with hyphens between, the first of letters alone, 35
    /// characters at most; nil for anything else. Whether there is such a language is not asked.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 35, parts.allSatisfy({ (1...8).contains($0.utf8.count) }),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
            parts[0].utf8.count >= 2, parts[0].allSatisfy(\.isLetter)
        else { return nil }
        self.text = String(text)
    }

    /// The one that an `Accept-Language` field (RFC 9110, section 12.5.4) wants most, the first of equals; nil when it
    /// names none.
    public init?(acceptLanguage field: some StringProtocol) {
        var best: (tag: LanguageTag, weight: Double)?
        for range in field.prefix(1000).split(separator: ",") {
            let parts = String(range.filter { !$0.isWhitespace }).split(separator: ";")
            guard let tag = parts.first.flatMap({ LanguageTag($0) }) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (tag, weight) }
        }
        guard let best else { return nil }
        self = best.tag
    }

    public var description: String { text }
}
