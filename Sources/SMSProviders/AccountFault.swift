/// A value of a provider's account that no call could succeed with.
public struct AccountFault: Error, Equatable, CustomStringConvertible {
    /// The name of the property at fault.
    public var property: String
    /// What is wrong and what to write instead. Never holds a secret.
    public var description: String
}
