internal import Operations

/// What is wrong with a table in a file, and what to write instead.
struct TableError: FaultList, Sendable, Hashable, CustomStringConvertible {
    /// The line, counted from 1; nil when it is not about one.
    var line: Int?
    /// What is wrong and what helps.
    var message: String
    /// What is wrong with further lines.
    var others: [TableError] = []

    var faults: [String] { [line.map { "line \($0): \(message)" } ?? message] + others.flatMap(\.faults) }
    var description: String { faults.joined(separator: "; ") }

    /// The same faults, of the file at `path`.
    func naming(_ path: String) -> Self {
        Self(line: line, message: "\(message) (in \(path))", others: others.map { $0.naming(path) })
    }
}

/// What is wrong with a line.
struct LineFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A table that people write as lines of text.
protocol TextTable: Sendable {
    /// A table without a line.
    init()
    /// Takes over a line that is not empty.
    mutating func add(_ line: Substring, number: Int) throws(LineFault)
}

extension TextTable {
    /// Reads all lines. Those that begin with `#` are comments.
    ///
    /// - Throws: ``TableError`` for all lines that cannot be used.
    init(text: String) throws(TableError) {
        self.init()
        var number = 0
        var errors: [TableError] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let line = line.drop(while: \.isWhitespace)
            guard let first = line.first, first != "#" else { continue }
            do {
                try add(line, number: number)
            } catch {
                errors.append(TableError(line: number, message: error.description))
            }
        }
        guard var error = errors.first else { return }
        error.others = Array(errors.dropFirst())
        throw error
    }
}
