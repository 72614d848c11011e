/// Why work was not accepted.
public enum ProofOfWorkRefusal: String, Error, Sendable, CaseIterable {
    /// The challenge is not one of this service's, or not as it was given out.
    case notOurs
    /// The challenge's time is over.
    case expired
    /// The challenge was made for another purpose or another client.
    case madeForAnother
    /// The solution is not in its form.
    case malformedSolution
    /// A puzzle is not solved.
    case unsolved
}
