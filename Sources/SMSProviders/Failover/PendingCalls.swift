/// The calls of one provider that have not ended. Times are milliseconds of a clock that only goes forward.
///
/// A provider that takes calls and answers none is found out by its breaker only when their time is over. Until then it is
/// silent: it gets no more, and those that it has decide, by an answer or by their end.
struct PendingCalls: Sendable, Equatable {
    /// An answer that takes longer is waited for, but others need not wait for it too.
    static let patience = 1_000

    /// When they began, in that order.
    private var begun: [Int] = []
    private var lastAnswer: Int?

    mutating func begin(at now: Int) { begun.append(now) }

    /// - Parameter isAnswered: The provider has said something.
    mutating func end(ofCallBegunAt began: Int, isAnswered: Bool, at now: Int) {
        if let index = begun.firstIndex(of: began) { begun.remove(at: index) }
        if isAnswered { lastAnswer = now }
    }

    /// So many calls as a breaker opens for have waited for so long, and for so long none was answered.
    func isSilent(_ now: Int) -> Bool {
        guard begun.count >= CircuitBreaker.failuresToOpen else { return false }
        let silence = now - max(begun[CircuitBreaker.failuresToOpen - 1], lastAnswer ?? .min)
        return silence >= Self.patience
    }
}
