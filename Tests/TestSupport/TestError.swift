/// What went wrong in the test's own machinery, and what to do about it.
public struct TestError: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String

    /// Makes the error with its line of text.
    public init(_ description: String) { self.description = description }
}
