import Synchronization

/// Tells waiting tasks that there is something to do. Raised while nobody waits, it is remembered once.
///
/// Not an `AsyncStream`: that one ends for good when a task that waits on it is cancelled.
package final class Signal: Sendable {
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct State {
        var isRaised = false
        var lastID = 0
        var waiters: [Int: Waiter] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func raise() {
        let waiters = state.withLock { state in
            state.isRaised = state.waiters.isEmpty
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Waits until it is raised; false when the task was cancelled before.
    package func wait() async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let answer = state.withLock { state -> Bool? in
                    if state.isRaised {
                        state.isRaised = false
                        return true
                    }
                    // A cancellation after this look finds the waiter below.
                    if Task.isCancelled { return false }
                    state.waiters[id] = waiter
                    return nil
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: false)
        }
    }

    /// Waits until it is raised or so much time has passed; false when the time was over first.
    @discardableResult
    package func wait(atMost limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in await wait() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let wasRaised = await group.next() ?? false
            group.cancelAll()
            return wasRaised
        }
    }
}
