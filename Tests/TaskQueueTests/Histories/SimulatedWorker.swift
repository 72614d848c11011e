/// What a worker remembers: right or wrong, as its claims may have been taken over meanwhile.
struct SimulatedWorker {
    struct Memory {
        var job: Job
        /// An attempt of it may have passed the fence.
        var mayBeSent: Bool
        /// Its limits have let it start.
        var isAdmitted: Bool
    }

    let name: String
    /// It has crashed. It may come back all the same: perhaps it was only held up.
    var isGone = false
    /// No number is given twice, whatever becomes of a reply.
    var nextClaimNumber = 1
    /// Every claim that it ever learned of, also those that have ended.
    var claims: [Int: Memory] = [:]
}
