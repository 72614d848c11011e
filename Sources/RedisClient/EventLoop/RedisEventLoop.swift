internal import CHiredisShim
import Synchronization

/// What an event loop drives: one socket. Its methods are called on the loop's thread.
protocol EventLoopHandler: AnyObject {
    /// The socket can be read or written, or is broken.
    func handle(_ readiness: Readiness)
}

/// What has deadlines. Its methods are called on the loop's thread.
protocol EventLoopTimed: AnyObject, Sendable {
    /// Does what is due by now, and returns when to come back (nil: no need).
    func handleTime(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant?
}

/// The one thread that carries all bytes between this process and Redis.
///
/// It is a `TaskExecutor` too: a Swift task that prefers it (`withTaskExecutorPreference(RedisEventLoop.shared)`) is
/// resumed on this thread as soon as its reply has been read, with no hop, and everything that was resumed by one read
/// leaves again in one write. Use it for short loops around Redis, never for work that blocks or computes for long.
public final class RedisEventLoop: TaskExecutor, Sendable {
    /// The process' event loop. It starts with its first use and runs until the process ends.
    public static let shared = RedisEventLoop()

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []
        var flushes: [@Sendable () -> Void] = []
        var isAsleep = false
    }

    private struct Sockets {
        var handlers: [Int32: any EventLoopHandler] = [:]
        var timed: [WeakTimed] = []
        var nextTime: ContinuousClock.Instant?
    }

    private struct WeakTimed {
        weak let object: (any EventLoopTimed)?
    }

    /// Marks what belongs to the loop's thread.
    let identity = LoopIdentity()
    private let poller = Poller()
    private let inbox = Locked(Inbox())
    private let sockets: LoopBound<Sockets>

    private init() {
        sockets = LoopBound(Sockets(), identity: identity)
        let retained = Unmanaged.passRetained(self).toOpaque()
        let error = chiredis_thread_start(
            "redis-loop",
            { pointer in
                guard let pointer else { return }
                Unmanaged<RedisEventLoop>.fromOpaque(pointer).takeRetainedValue().runForEver()
            }, retained)
        precondition(error == 0, "the system refused a thread for the Redis event loop: errno \(error)")
    }

    // MARK: - From any thread

    /// Runs a Swift task's next step on the loop's thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        put { $0.jobs.append(unowned) }
    }

    /// Runs a closure on the loop's thread, soon.
    func execute(_ work: @escaping @Sendable () -> Void) {
        put { $0.work.append(work) }
    }

    /// Runs a closure on the loop's thread once all tasks that can run now have run: the moment to write.
    func flushLater(_ flush: @escaping @Sendable () -> Void) {
        put { $0.flushes.append(flush) }
    }

    private func put(_ change: (inout Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { poller.wake() }
    }

    // MARK: - On the loop's thread

    func add(_ handler: any EventLoopHandler, descriptor: Int32, for readiness: Readiness) {
        nonisolated(unsafe) let handler = handler  // stays on this thread: add is only called on it
        sockets.withValue { $0.handlers[descriptor] = handler }
        poller.add(descriptor, for: readiness)
    }

    func change(descriptor: Int32, to readiness: Readiness) {
        poller.change(descriptor, to: readiness)
    }

    func remove(descriptor: Int32) {
        poller.remove(descriptor)
        sockets.withValue { $0.handlers[descriptor] = nil }
    }

    /// Calls the object's `handleTime` whenever it is time, for as long as it lives.
    func watch(_ object: any EventLoopTimed) {
        let entry = WeakTimed(object: object)
        sockets.withValue { $0.timed.append(entry) }
    }

    /// Calls `handleTime` of all that is watched at that time, or earlier.
    func comeBack(by time: ContinuousClock.Instant) {
        sockets.withValue { sockets in
            if let next = sockets.nextTime, next <= time { return }
            sockets.nextTime = time
        }
    }

    private func runForEver() {
        identity.adoptCurrentThread()
        while true {
            runWhatIsReady()
            let mayRest = inbox.withLock { inbox in
                inbox.isAsleep = inbox.jobs.isEmpty && inbox.work.isEmpty && inbox.flushes.isEmpty
                return inbox.isAsleep
            }
            let next = sockets.withValue { $0.nextTime }
            let limit = mayRest ? next.map { ContinuousClock.now.duration(to: $0) } : Duration.zero
            poller.wait(atMost: limit) { descriptor, readiness in
                sockets.withValue { $0.handlers[descriptor] }?.handle(readiness)
            }
            inbox.withLock { $0.isAsleep = false }
            handleTime()
        }
    }

    /// Runs tasks and closures, then the writes that they asked for; what those resume has its turn after the sockets'.
    private func runWhatIsReady() {
        for _ in 0..<64 {
            let (jobs, work) = inbox.withLock { inbox in
                defer { (inbox.jobs, inbox.work) = ([], []) }
                return (inbox.jobs, inbox.work)
            }
            if jobs.isEmpty, work.isEmpty { break }
            for closure in work { closure() }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        let flushes = inbox.withLock { inbox in
            defer { inbox.flushes = [] }
            return inbox.flushes
        }
        for flush in flushes { flush() }
    }

    private func handleTime() {
        let now = ContinuousClock.now
        let due = sockets.withValue { sockets -> [any EventLoopTimed] in
            guard let next = sockets.nextTime, next <= now else { return [] }
            sockets.nextTime = nil
            sockets.timed.removeAll { $0.object == nil }
            return sockets.timed.compactMap(\.object)
        }
        for object in due {
            if let next = object.handleTime(now) { comeBack(by: next) }
        }
    }
}
