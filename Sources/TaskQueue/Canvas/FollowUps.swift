/// The tasks that are sent when one has ended.
struct FollowUps: Sendable {
    let tasks: [OutgoingTask]

    /// None.
    init() {
        tasks = []
    }

    /// After a success: each callback with the result, and the next link of the chain with the rest of it.
    init(after message: TaskMessage, result: [UInt8], queue: String, now: WireTime) {
        let canvas = message.canvas
        var tasks = canvas.callbacks.enumerated().map { place, callback in
            callback.task(following: message, at: place, value: result, queue: queue, now: now)
        }
        if let next = canvas.chain.last {
            let rest = Array(canvas.chain.dropLast())
            tasks.append(
                next.task(
                    following: message, at: tasks.count, value: result, chain: rest, queue: queue, now: now))
        }
        self.tasks = tasks
    }

    /// After a failure for good: each errback with the failed task's id.
    init(afterFailureOf message: TaskMessage, queue: String, now: WireTime) {
        let id = JSONString.encode(message.id)
        tasks = message.canvas.errbacks.enumerated().map { place, errback in
            errback.task(following: message, at: place, value: id, queue: queue, now: now)
        }
    }

    var messages: [FollowingMessage] {
        tasks.map { FollowingMessage($0) }
    }
}
