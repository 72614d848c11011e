/// What becomes of runs whose time has passed while no scheduler ran.
public enum MissedRuns: Sendable, Hashable {
    /// They are left out.
    case skip
    /// One run makes up for all of them: the next one, if it is due as well, or else one of its own.
    case runOnce
    /// All are run, but only the latest ones when there are more than that.
    case runAll(atMost: Int)
}
