/// A file that should hold a key, and does not serve. Says what to do about it.
public struct KeyFileError: Error, Sendable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// What is wrong.
    public var reason: String
    /// What helps.
    public var remedy: String

    /// Makes an error.
    public init(file: String, reason: String, remedy: String) {
        self.file = file
        self.reason = reason
        self.remedy = remedy
    }

    public var description: String { "\(file): \(reason); \(remedy)" }
}
