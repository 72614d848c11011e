import TaskQueue
import TestSupport

@testable import CrashTestWorker

/// One line of the journal that the tasks keep: a task had its effect.
struct Execution {
    let task: TaskID
    /// The name of the worker process.
    let worker: String
    /// When the task began to confirm its claim.
    let asked: WireTime
    /// When it had its effect.
    let time: WireTime

    init(_ line: String) throws {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == 4, let asked = Int(fields[2]), let time = Int(fields[3]) else {
            throw TestError("no line of the journal: \(line)")
        }
        task = TaskID(fields[0])
        worker = fields[1]
        self.asked = WireTime(microseconds: asked)
        self.time = WireTime(microseconds: time)
    }
}

extension Sequence<Execution> {
    /// How often each task had its effect.
    var counts: [TaskID: Int] {
        reduce(into: [:]) { $0[$1.task, default: 0] += 1 }
    }
}
