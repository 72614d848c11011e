import Foundation

/// A value behind a lock, in the shape of `Mutex`, whose lock the thread sanitizer does not see.
///
/// `@unchecked Sendable` is sound because the value is reachable only in `withLock`, and it is `Sendable` itself: what
/// leaves the lock may be used anywhere.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try lock.withLock { try body(&value) }
    }
}
