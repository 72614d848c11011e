/// A provider's account, whose values can be looked at before any call, so that a program can refuse to start.
public protocol CheckedAccount {
    /// What no call could succeed with.
    var faults: [AccountFault] { get }
}

extension CheckedAccount {
    /// Refuses values that no call could succeed with.
    ///
    /// - Throws: The first of ``faults``.
    public func validate() throws(AccountFault) {
        if let fault = faults.first { throw fault }
    }
}

/// A value of a provider's account that no call could succeed with.
public struct AccountFault: Error, Equatable, CustomStringConvertible {
    /// The name of the property at fault.
    public var property: String
    /// What is wrong and what to write instead. Never holds a secret.
    public var description: String

    /// Looks at a secret: vendors' secrets are ASCII characters without blanks, so that what a copy has added is found.
    ///
    /// - Parameter noun: What people call it.
    static func checkSecret(_ secret: String, _ property: String, noun: String = "secret") -> [AccountFault] {
        if secret.isEmpty {
            return [Self(property: property, description: "the \(noun) is empty: copy it from the vendor's console")]
        }
        if secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return [] }
        let description =
            "the \(noun) has blanks or other foreign characters in it: copy it from the vendor's console again"
        return [Self(property: property, description: description)]
    }
}

extension [AccountFault] {
    mutating func add(_ property: String, _ description: String) {
        append(AccountFault(property: property, description: description))
    }
}
