/// What one vendor's codes mean for a message, from its published lists.
struct GatewayCodes: Sendable {
    /// A code, what follows from it, and a few words for logs.
    struct Row: Sendable {
        let code: String
        let outcome: SendOutcome
        let words: String

        init(_ code: String, _ outcome: SendOutcome, _ words: String) {
            self.code = code
            self.outcome = outcome
            self.words = words
        }
    }

    private let rows: [String: Row]
    /// For codes that are not listed, what their first characters say; the first that fits counts.
    private let prefixes: [(prefix: String, outcome: SendOutcome)]

    init(_ rows: [Row], unlisted prefixes: [(prefix: String, outcome: SendOutcome)] = []) {
        self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })
        self.prefixes = prefixes
    }

    /// The outcome and a few words for logs. What nothing is known of is ``SendOutcome/unknown(_:)`` and marked
    /// ``SendReason/unlisted``, so that a vendor's new code never turns into an endless retry.
    func meaning(of code: String) -> (outcome: SendOutcome, words: String) {
        if let row = rows[code] { return (row.outcome, row.words) }
        let outcome = prefixes.first { code.hasPrefix($0.prefix) }?.outcome ?? .unknown(.unlisted)
        return (outcome, "a code that is not in the table")
    }
}
