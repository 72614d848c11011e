#if SANITIZE_THREAD
#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A value behind a lock, in the shape of `Mutex`, for builds with the thread sanitizer.
///
/// The sanitizer does not see the lock of `Mutex`, which lies in a library that is not instrumented, and so takes
/// every access behind one for a race. The calls of a `pthread_mutex_t` it knows.
///
/// `@unchecked Sendable` is sound because the value is reachable only while the lock is held: `withLock` lends it
/// to its body as `sending`, exactly as `Mutex` does.
struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    init(_ initial: consuming sending Value) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        value = .allocate(capacity: 1)
        value.initialize(to: initial)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value.pointee)
    }
}
#else
internal import Synchronization

/// A value behind a lock. Only the thread sanitizer needs another one than the library's own.
typealias Locked<Value: ~Copyable> = Mutex<Value>
#endif
