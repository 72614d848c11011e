internal import RedisClient

/// A limit table in the form in which the scripts read it, made once and used for every message.
public struct LimitRules: Sendable {
    /// The table.
    public let table: LimitTable
    /// All that go by this table.
    let scripts: LimitScripts
    /// The limits' names in the order in which the scripts know them.
    let names: [String]

    /// Prepares a table.
    public init(_ table: LimitTable = LimitTable()) {
        self.table = table
        scripts = LimitScripts(table)
        names = table.names
    }
}
