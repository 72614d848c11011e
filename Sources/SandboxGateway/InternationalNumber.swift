extension String {
    /// Whether this is a number in the international form, ITU-T E.164: a plus sign, then 8 to 15 digits that do not
    /// begin with 0.
    var isInternationalNumber: Bool {
        let digits = utf8.dropFirst()
        return utf8.first == UInt8(ascii: "+") && (8...15).contains(digits.count) && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
