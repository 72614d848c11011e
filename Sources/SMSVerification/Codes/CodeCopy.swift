/// A code with what it was made for, for sending it, and sending it again.
struct CodeCopy: Sendable, Hashable, SecretValue {
    let mobile: MobileNumber
    let purpose: Purpose
    let code: OneTimeCode

    init(_ mobile: MobileNumber, _ purpose: Purpose, _ code: OneTimeCode) {
        self.mobile = mobile
        self.purpose = purpose
        self.code = code
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let mobile = MobileNumber(canonical: parts[0]), let purpose = Purpose(parts[1]),
            let code = OneTimeCode(String(parts[2]))
        else { return nil }
        self.init(mobile, purpose, code)
    }

    var description: String { "\(code) for \(mobile), \(purpose)" }

    /// As it is stored: it tells everything.
    var text: String { "\(mobile.canonical) \(purpose.name) \(code.digits)" }
}
