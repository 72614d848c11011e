/// What has become due of a periodic task since its due times were last dealt with.
struct DueRuns: Sendable, Hashable {
    /// The due times that a run is sent for, the earliest first.
    let sent: [WireTime]
    /// The last due time that is dealt with now, sent for or not.
    let last: WireTime
    /// From the first to the last due time that was missed.
    let missed: ClosedRange<WireTime>?
}

extension PeriodicTask {
    /// What is to be done now; nil when nothing is due.
    func dueRuns(after last: WireTime, upTo now: WireTime) -> DueRuns? {
        guard let first = schedule.next(after: last), first <= now else { return nil }
        let lastMissable = max(last, now.adding(.zero - max(.zero, grace) - .microseconds(1)))
        let onTime = schedule.dueTimes(after: lastMissable, upTo: now)
        let missed = schedule.lastDueTimes(max(1, mostMadeUpFor), after: last, upTo: lastMissable)
        let sent: [WireTime] =
            switch missedRuns {
            case .skip: onTime
            case .runOnce: onTime.isEmpty ? missed : onTime
            case .runAll: Array(missed.suffix(mostMadeUpFor)) + onTime
            }
        return DueRuns(
            sent: sent, last: onTime.last ?? missed.last ?? first, missed: missed.last.map { first...$0 })
    }

    private var mostMadeUpFor: Int {
        switch missedRuns {
        case .skip: 0
        case .runOnce: 1
        case .runAll(let limit): max(0, limit)
        }
    }
}
