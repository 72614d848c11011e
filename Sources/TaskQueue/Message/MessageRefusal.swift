/// Why a message cannot be run. Such messages go to the dead letters, their bytes untouched.
///
/// Its text holds nothing of the message's body.
public struct MessageRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason's word, as the dead letters and the metrics show it.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Not JSON, or a required field is missing or of the wrong kind.
        case malformed
        /// The body is not JSON but of another serializer.
        case contentType = "content-type"
        /// The body is compressed in a way that is not supported, is damaged, or is too large when decompressed.
        case compression
        /// Something that should follow the task cannot be continued, such as a group inside a chain.
        case canvas
        /// No task of that name is registered.
        case unknownTask = "unknown-task"
        /// The arguments do not fit the task.
        case arguments
    }

    /// The reason's word.
    public var reason: Reason
    /// One sentence for people.
    public var message: String

    /// Makes a refusal.
    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// For a task that no one has registered.
    init(unknownTask name: String) {
        self.init(.unknownTask, "no task of the name \(name) is registered")
    }

    public var description: String { "\(reason.rawValue): \(message)" }
}
