/// What is wrong with periodic tasks, in a configuration or in a list.
public struct PeriodicTaskError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which entry, by number from 1 and by name where it has one; nil: the whole.
    public var entry: String?
    /// Which of its keys; nil: the entry as such.
    public var key: String?
    /// One sentence part that says what is wrong and what is expected.
    public var reason: String

    /// Makes an error.
    public init(entry: String? = nil, key: String? = nil, reason: String) {
        self.entry = entry
        self.key = key
        self.reason = reason
    }

    public var description: String {
        let place = [entry, key].compactMap { $0 }.joined(separator: ": ")
        return place.isEmpty ? "periodic tasks: \(reason)" : "periodic task \(place): \(reason)"
    }
}
