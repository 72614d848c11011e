internal import Operations

/// Columns of text, each as wide as its widest cell.
enum TextTable {
    /// - Parameter nothing: What is said when there are no rows; nil: the header alone.
    static func text(_ header: [String], _ rows: [[String]], nothing: String? = nil) -> String {
        if rows.isEmpty, let nothing { return nothing }
        // Names and ids come from strangers: nothing of them may steer the terminal.
        let all = ([header] + rows).map { $0.map(escapingControls(in:)) }
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
