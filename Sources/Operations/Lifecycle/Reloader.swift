/// A part of a program that takes over changed settings while it runs, on SIGHUP.
public struct Reloader: Sendable {
    /// What is read again, in words that fit in front of "stays as it was".
    public let name: String
    let reload: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - name: what is read again, such as `the limits`.
    ///   - reload: reads it, and tells the log what has changed. When it throws, what was in force before must still be.
    public init(_ name: String, reload: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.reload = reload
    }
}
