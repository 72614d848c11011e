internal import CHiredisShim
import Synchronization

/// Which thread is the event loop's.
final class LoopIdentity: Sendable {
    private let thread = Atomic<UInt>(0)

    /// Makes the calling thread the loop's. Called once, first thing on that thread.
    func adoptCurrentThread() {
        thread.store(UInt(chiredis_thread_identity()), ordering: .relaxed)
    }

    /// True on the loop's own thread. Another thread can never see its own identity here, so relaxed order is enough.
    var isCurrent: Bool {
        thread.load(ordering: .relaxed) == UInt(chiredis_thread_identity())
    }
}

/// Holds what only the event loop's thread may touch.
///
/// `@unchecked Sendable` is sound because the value is reachable only through ``withValue(_:)``, which traps on every
/// thread but the loop's: there is never a second thread that could race. It may be released on another thread: what it
/// holds then has no other owner left, as with any reference that is let go.
final class LoopBound<Value>: @unchecked Sendable {
    private let identity: LoopIdentity
    private var value: Value

    init(_ value: sending Value, identity: LoopIdentity) {
        self.identity = identity
        self.value = value
    }

    /// Holds what was made on the loop's thread and never leaves it, to be reached from there later.
    init(confined value: Value, identity: LoopIdentity) {
        precondition(identity.isCurrent, "only the event loop's thread can confine a value to itself")
        self.identity = identity
        self.value = value
    }

    func withValue<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        precondition(identity.isCurrent, "loop-bound state was touched outside the event loop's thread")
        return try body(&value)
    }
}
