/// A number in the forms that gateways want. The service's own form is eleven digits for mainland China, E.164 with `+`
/// for any other country.
struct PhoneNumberForm: Equatable {
    /// Country code and number, digits only.
    private let digits: String

    /// Nil for what is no number in the service's form.
    init?(_ mobile: String) {
        let international = mobile.hasPrefix("+")
        let digits = international ? String(mobile.dropFirst()) : "86" + mobile
        guard (8...15).contains(digits.utf8.count), international || mobile.utf8.count == 11,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), digits.first != "0"
        else { return nil }
        self.digits = digits
    }

    /// E.164, with `+`.
    var e164: String { "+\(digits)" }

    /// The eleven digits of a number of mainland China; nil for any other.
    var mainland: String? {
        digits.hasPrefix("86") && digits.utf8.count == 13 ? String(digits.dropFirst(2)) : nil
    }

    /// Country code and number without `+`.
    var withoutPlus: String { digits }
}
