/// The digits of a number as somebody wrote it, and whether they begin with a calling code.
///
/// Digits and separators are ASCII: a full-width or Arabic-Indic digit would be a second spelling of the same number,
/// and invites numbers that look like others.
struct NumberSpelling {
    /// More than any spelling of 15 digits needs, so that a long text costs nothing.
    private static let longestText = 40

    /// The digits without `+` or `00`.
    let digits: String
    /// They were written after `+` or after `00`, the prefix that the ITU recommends for calls abroad. Other prefixes
    /// (`011`, `0011`, `010`) mean different things in different countries and are not understood.
    let isInternational: Bool

    /// Reads digits among spaces, hyphens, full stops and pairs of parentheses, with at most one `+` before all digits;
    /// nil for everything else.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longestText else { return nil }
        var digits = ""
        var hasPlus = false
        var isInParentheses = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                digits.unicodeScalars.append(scalar)
            case "+" where !hasPlus && digits.isEmpty:
                hasPlus = true
            case "(" where !isInParentheses:
                isInParentheses = true
            case ")" where isInParentheses:
                isInParentheses = false
            case " ", "-", ".":
                break
            default:
                return nil
            }
        }
        if !hasPlus, digits.hasPrefix("00") {
            digits.removeFirst(2)
            hasPlus = true
        }
        // No calling code begins with zero.
        guard !isInParentheses, !digits.isEmpty, !(hasPlus && digits.hasPrefix("0")) else { return nil }
        self.digits = digits
        isInternational = hasPlus
    }
}
