/// Whose turn it is among the queues that have messages.
struct QueueTurns {
    private let queues: [WorkerQueue]
    private let order: WorkerConfiguration.QueueOrder
    /// How much each queue has had, by its weight: the one that has had least is the next.
    private var passes: [Double]

    init(_ queues: [WorkerQueue], order: WorkerConfiguration.QueueOrder) {
        self.queues = queues
        self.order = order
        passes = queues.map { _ in 0 }
    }

    /// The next queue's index; nil when all are known to be empty.
    mutating func next() -> Int? {
        let candidates = queues.indices.filter { queues[$0].mayHaveMessages }
        guard order == .weighted, queues.count > 1 else { return candidates.first }
        return candidates.min { passes[$0] < passes[$1] }
    }

    /// The queue gave so many messages.
    mutating func took(_ count: Int, from index: Int) {
        guard order == .weighted, queues.count > 1 else { return }
        passes[index] += Double(count) / Double(queues[index].share.weight)
        // Who was empty for a while does not make up for it afterwards.
        let least = queues.indices.filter { queues[$0].mayHaveMessages }.map { passes[$0] }.min() ?? 0
        for index in passes.indices { passes[index] = max(passes[index], least) }
    }
}
