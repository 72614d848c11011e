/// Codes that are words, such as `isv.AMOUNT_NOT_ENOUGH`.
enum VendorCode {
    /// Whether a text can be a code: short, and of letters, digits and a few marks only, so that it is fit for logs.
    static func isWord(_ text: String, marks: String = "._-") -> Bool {
        (1...100).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
    }
}
