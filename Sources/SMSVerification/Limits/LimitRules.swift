internal import FoundationEssentials
internal import RedisClient

/// A limit table in the form in which the scripts read it, made once and used for every message.
public struct LimitRules: Sendable {
    /// The table.
    public let table: LimitTable
    /// JSON: see `limits.lua`.
    let text: String
    /// The limits' names in the order in which the scripts know them.
    let names: [String]
    /// The same without those of addresses.
    let namesWithoutAddress: [String]

    /// Prepares a table.
    public init(_ table: LimitTable = LimitTable()) {
        self.table = table
        text = Form(table).text
        names = table.names
        var withoutAddress = table
        withoutAddress.limits.removeAll { $0.scope == .address }
        namesWithoutAddress = withoutAddress.names
    }
}

/// The members of the scripts' JSON. Times are in milliseconds.
private struct Form: Encodable {
    struct Credit: Encodable {
        let start: Int
        let floor: Int
        let ceiling: Int
        let widening: Int
        let narrowing: Int
        let multiple: Int
        let expiry: Int
    }

    let waits: [Int]
    let memory: Int
    let number: [Int]
    let address: [Int]
    let groups: [[Int]]
    let credit: Credit
    let budgets: [Int]
    let life: Int

    init(_ table: LimitTable) {
        func list(_ scope: SendLimit.Scope) -> [Int] {
            table.limits(of: scope).flatMap { [$0.count, $0.period.wholeMilliseconds] }
        }
        waits = table.waits.map(\.wholeMilliseconds)
        memory = table.waitMemory.wholeMilliseconds
        number = list(.number)
        address = list(.address)
        groups = [list(.prefix), list(.country), list(.total)]
        credit = Credit(
            start: table.credit.start, floor: table.credit.floor, ceiling: table.credit.ceiling,
            widening: table.credit.widening, narrowing: table.credit.narrowing,
            multiple: table.credit.refusalMultiple, expiry: table.credit.expiry.wholeMilliseconds)
        budgets = table.budgets.flatMap { budget in
            [budget.ceiling, budget.period.wholeMilliseconds, budget.ceiling * table.alarmPercent / 100]
        }
        // Keys have to outlive what they count, a counter its period and a part of it; a prefix' credit is remembered for
        // at least a day.
        let periods = table.limits.map(\.period) + table.budgets.map(\.period) + table.waits
        let longest = (periods + [table.waitMemory, table.credit.expiry, .seconds(86_400)]).max() ?? .zero
        life = (longest * 13 / 12).wholeMilliseconds
    }

    var text: String {
        // Whole numbers and names: there is nothing in them that could not be encoded.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
