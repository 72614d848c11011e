/// A value of a provider's account that no call could succeed with.
public struct AccountFault: Error, Equatable, CustomStringConvertible {
    /// The name of the property at fault.
    public var property: String
    /// What is wrong and what to write instead. Never holds a secret.
    public var description: String

    /// Looks at a secret: vendors' secrets are ASCII characters without blanks, so that what a copy has added is found.
    ///
    /// - Parameter noun: What people call it.
    static func checkSecret(_ secret: String, _ property: String, noun: String = "secret") throws(AccountFault) {
        if secret.isEmpty {
            throw AccountFault(
                property: property, description: "the \(noun) is empty: copy it from the vendor's console")
        }
        if !secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw AccountFault(
                property: property,
                description: "the \(noun) has blanks or other foreign characters in it: copy it from the vendor's "
                    + "console again")
        }
    }
}
