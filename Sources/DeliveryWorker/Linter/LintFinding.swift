/// What the linter has found in a message.
struct LintFinding: Equatable, CustomStringConvertible {
    /// How bad it is.
    enum Severity: Equatable {
        /// The message would not be sent, or would mislead, or leaves out what a person must be told.
        case fault
        /// It works, but costs more than it must, or cannot be judged.
        case advice
    }

    var severity: Severity
    /// Where it is, and then what helps.
    var description: String
}
