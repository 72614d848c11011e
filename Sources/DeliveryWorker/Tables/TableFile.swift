internal import Operations
internal import Synchronization

/// A table that is kept in a file. It is read again on request, whole or not at all: while a new file has a mistake, the
/// table that was read before holds.
final class TableFile<Table: TextTable>: Sendable {
    /// Where the file is.
    let path: String
    private let current: Mutex<Table>

    /// Reads the file.
    ///
    /// - Throws: ``TableError``, which names the file, the line and the remedy.
    init(path: String) throws(TableError) {
        self.path = path
        current = Mutex(try Self.read(path))
    }

    /// The table as it was last read without a mistake.
    var table: Table { current.withLock { $0 } }

    /// Reads the file again.
    ///
    /// - Throws: ``TableError``; nothing has changed then.
    func reload() throws(TableError) {
        let table = try Self.read(path)
        current.withLock { $0 = table }
    }

    private static func read(_ path: String) throws(TableError) -> Table {
        let bytes: [UInt8]
        do {
            bytes = try contentsOfFile(path)
        } catch {
            throw TableError(message: "cannot read \(path): \(error); correct path or rights")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TableError(message: "\(path) is not UTF-8 text; save it as such")
        }
        do {
            return try Table(text: text)
        } catch {
            throw error.naming(path)
        }
    }
}
