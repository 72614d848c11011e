internal import RedisClient

/// The table and whom it is asked about, as `limits.lua` reads them: a row of keys and a row of arguments, which a script
/// of more purposes takes behind its own.
struct ChargeBlock: Sendable {
    let table: LimitTable
    let subjects: SendSubjects
    /// The name of this one message, by which it is taken back or resolved.
    let send: String
    /// Milliseconds; nil for the server's time.
    let now: Int?
    /// The credit window counts: somebody will tell which codes came back.
    var hasCredit = true

    var keys: [String] {
        [
            LimitKeys.unresolved(subjects.prefix), LimitKeys.window(subjects.prefix),
            LimitKeys.moments(.number, subjects), LimitKeys.moments(.address, subjects),
        ] + table.groupLimits.map { LimitKeys.counter($0, subjects) } + table.budgets.map(LimitKeys.account)
    }

    var arguments: [any RedisArgument] {
        var arguments: [any RedisArgument] = [now.map(String.init) ?? "", send]
        arguments.append(table.price(ofCountry: subjects.country))
        arguments += hasCredit ? table.credit.arguments : [0, 0, 0, 0, 0, 0, 0]
        arguments.append(table.waitMemory.wholeMilliseconds)
        func append(_ list: [Int]) {
            arguments.append(list.count)
            arguments += list
        }
        append(table.waits.map(\.wholeMilliseconds))
        append(Self.list(table.limits(of: .number)))
        append(subjects.address == nil ? [] : Self.list(table.limits(of: .address)))
        append(Self.list(table.groupLimits))
        append(
            table.budgets.flatMap { budget in
                [budget.ceiling, budget.period.wholeMilliseconds, budget.ceiling * table.alarmPercent / 100]
            })
        return arguments
    }

    /// What the scripts' places of limits mean.
    var names: [String] {
        var table = table
        if subjects.address == nil { table.limits.removeAll { $0.scope == .address } }
        return table.names
    }

    private static func list(_ limits: [SendLimit]) -> [Int] {
        limits.flatMap { [$0.count, $0.period.wholeMilliseconds] }
    }
}

extension CreditWindow {
    /// As `credit_rules` of `limits.lua` reads them.
    var arguments: [any RedisArgument] {
        [start, floor, ceiling, widening, narrowing, refusalMultiple, expiry.wholeMilliseconds]
    }
}
