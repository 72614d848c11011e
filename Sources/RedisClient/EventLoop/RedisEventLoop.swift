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

    /// When many tasks are ready, half of them run, at least this and at most that many, before what they want written is
    /// written: so the server works on it while the others run.
    private static let jobsBeforeFlush = 16...64

    /// What is to be done soon.
    private struct Errands {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []
        var flushes: [@Sendable () -> Void] = []

        var isEmpty: Bool { jobs.isEmpty && work.isEmpty && flushes.isEmpty }
    }

    /// What other threads want done.
    private struct Inbox {
        var errands = Errands()
        var isAsleep = false
    }

    /// Who wants to be called, and when. Nobody is kept alive for longer than until then.
    private struct Appointments {
        var times: [ObjectIdentifier: (object: any EventLoopTimed, time: ContinuousClock.Instant)] = [:]
        var next: ContinuousClock.Instant?
    }

    /// Marks what belongs to the loop's thread.
    let identity = LoopIdentity()
    private let poller = Poller()
    private let inbox = Locked(Inbox())
    private let ownErrands: LoopBound<Errands>
    private let handlers: LoopBound<[Int32: any EventLoopHandler]>
    private let appointments: LoopBound<Appointments>

    private init() {
        ownErrands = LoopBound(Errands(), identity: identity)
        handlers = LoopBound([:], identity: identity)
        appointments = LoopBound(Appointments(), identity: identity)
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

    private func put(_ change: (inout Errands) -> Void) {
        if identity.isCurrent { return ownErrands.withValue(change) }
        let mustWake = inbox.withLock { inbox in
            change(&inbox.errands)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { poller.wake() }
    }

    // MARK: - On the loop's thread

    func add(_ handler: any EventLoopHandler, descriptor: Int32, for readiness: Readiness) {
        nonisolated(unsafe) let handler = handler  // stays on this thread: add is only called on it
        handlers.withValue { $0[descriptor] = handler }
        poller.add(descriptor, for: readiness)
    }

    func change(descriptor: Int32, to readiness: Readiness) {
        poller.change(descriptor, to: readiness)
    }

    func remove(descriptor: Int32) {
        poller.remove(descriptor)
        handlers.withValue { $0[descriptor] = nil }
    }

    /// Calls the object's `handleTime` at that time, or earlier when it has asked for that before.
    func comeBack(by time: ContinuousClock.Instant, for object: any EventLoopTimed) {
        appointments.withValue { appointments in
            let id = ObjectIdentifier(object)
            if let known = appointments.times[id]?.time, known <= time { return }
            appointments.times[id] = (object, time)
            appointments.next = appointments.next.map { min($0, time) } ?? time
        }
    }

    private func runForEver() {
        identity.adoptCurrentThread()
        while true {
            runWhatIsReady()
            let hasErrands = ownErrands.withValue { !$0.isEmpty }
            let mayRest = inbox.withLock { inbox in
                inbox.isAsleep = !hasErrands && inbox.errands.isEmpty
                return inbox.isAsleep
            }
            let next = appointments.withValue { $0.next }
            let limit = mayRest ? next.map { ContinuousClock.now.duration(to: $0) } : Duration.zero
            poller.wait(atMost: limit) { descriptor, readiness in
                handlers.withValue { $0[descriptor] }?.handle(readiness)
            }
            inbox.withLock { $0.isAsleep = false }
            if next != nil { keepAppointments() }
        }
    }

    /// Runs tasks and closures, then the writes that they asked for; what those resume has its turn after the sockets'.
    private func runWhatIsReady() {
        for _ in 0..<64 {
            let (own, others) = (takeOwnErrands(), takeInbox())
            if own.jobs.isEmpty, own.work.isEmpty, others.jobs.isEmpty, others.work.isEmpty { break }
            for closure in own.work { closure() }
            for closure in others.work { closure() }
            run(own.jobs)
            run(others.jobs)
        }
        flush()
    }

    private func run(_ jobs: [UnownedJob]) {
        let limits = Self.jobsBeforeFlush
        let portion = min(max(jobs.count / 2, limits.lowerBound), limits.upperBound)
        for (index, job) in jobs.enumerated() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            if (index + 1).isMultiple(of: portion) { flush() }
        }
    }

    private func takeOwnErrands() -> (jobs: [UnownedJob], work: [@Sendable () -> Void]) {
        ownErrands.withValue { errands in
            defer { (errands.jobs, errands.work) = ([], []) }
            return (errands.jobs, errands.work)
        }
    }

    private func takeInbox() -> (jobs: [UnownedJob], work: [@Sendable () -> Void]) {
        inbox.withLock { inbox in
            defer { (inbox.errands.jobs, inbox.errands.work) = ([], []) }
            return (inbox.errands.jobs, inbox.errands.work)
        }
    }

    private func flush() {
        let own = ownErrands.withValue { errands in
            defer { errands.flushes = [] }
            return errands.flushes
        }
        let others = inbox.withLock { inbox in
            defer { inbox.errands.flushes = [] }
            return inbox.errands.flushes
        }
        for flush in own { flush() }
        for flush in others { flush() }
    }

    private func keepAppointments() {
        let now = ContinuousClock.now
        let due = appointments.withValue { appointments -> [any EventLoopTimed] in
            guard let next = appointments.next, next <= now else { return [] }
            let due = appointments.times.filter { $0.value.time <= now }
            for id in due.keys { appointments.times[id] = nil }
            appointments.next = appointments.times.values.lazy.map(\.time).min()
            return due.values.map(\.object)
        }
        for object in due {
            if let next = object.handleTime(now) { comeBack(by: next, for: object) }
        }
    }
}
