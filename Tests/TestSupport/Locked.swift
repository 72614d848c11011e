import Foundation

/// A value behind a lock, in the shape of `Mutex`, whose lock the thread sanitizer does not see.
///
/// `@unchecked Sendable` is sound because the value is reachable only while the lock is held: `withLock` lends it to its
/// body as `sending`, exactly as `Mutex` does.
public final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// Puts a value behind a lock of its own.
    public init(_ value: sending Value) {
        self.value = value
    }

    /// Runs the closure while nobody else has the value.
    public func withLock<Result>(
        _ body: (inout sending Value) throws -> sending Result
    ) rethrows -> sending Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
