extension StringProtocol {
    /// Without the blanks and line ends around it, which come along when a text is copied.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// The parts with commas between them, without the blanks around each.
    package var commaSeparated: [String] {
        split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    }
}
