/// How much of tasks' arguments people are shown.
public enum ArgumentDisplay: Sendable, Hashable {
    /// Their shape, and of phone numbers the ends: `["138****8000", "***"]`.
    case masked
    /// All.
    case revealed

    /// A message's arguments, those by name in braces behind the others.
    func text(of message: TaskMessage) -> String {
        let parts = [message.arguments, message.namedArguments].filter { $0.bytes.count > 2 }
        return parts.isEmpty ? "[]" : parts.map(text).joined(separator: " ")
    }

    private func text(_ value: JSONText) -> String {
        guard self == .masked else { return String(decoding: value.bytes, as: UTF8.self) }
        switch value.kind {
        case .array: return "[\(value.elements.map(text).joined(separator: ", "))]"
        case .object:
            return
                "{\(value.members.map { "\(JSONString.literal($0.name)): \(text($0.value))" }.joined(separator: ", "))}"
        case .string: return "\"\(Self.masked(value.string ?? ""))\""
        case .number: return Self.masked(String(decoding: value.bytes, as: UTF8.self))
        case .boolean, .null: return String(decoding: value.bytes, as: UTF8.self)
        }
    }

    /// A phone number with its middle hidden; nothing of any other text. Codes have fewer digits than numbers.
    static func masked(_ text: String) -> String {
        let isPhoneLike = text.unicodeScalars.allSatisfy { "0123456789+*- ()".unicodeScalars.contains($0) }
        guard isPhoneLike, text.utf8.count <= 24 else { return "***" }
        if text.contains("****") { return text }
        let digits = text.filter { ("0"..."9").contains($0) }
        guard (10...15).contains(digits.count) else { return "***" }
        return "\(text.hasPrefix("+") ? "+" : "")\(digits.prefix(digits.count - 8))****\(digits.suffix(4))"
    }
}
