internal import RedisClient

/// The scripts that go by one limit table. Its rules are part of their source, which the server compiles once, instead
/// of an argument that it would have to read for each message. Another table makes other scripts, which the server learns
/// when they are first run.
struct LimitScripts: Sendable {
    let accounts: RedisScript
    let charge: RedisScript
    let refund: RedisScript
    let resolve: RedisScript
    let start: RedisScript
    let withdraw: RedisScript
    let check: RedisScript
    let reserve: RedisScript
    let takeBack: RedisScript
    let uses: RedisScript

    init(_ table: LimitTable) {
        let beginning = Self.beginning(table)
        func script(_ name: String, _ source: [UInt8]) -> RedisScript {
            RedisScript(name: name, source: beginning + source)
        }
        accounts = script("accounts", PackageResources.accounts_lua)
        charge = script("charge", PackageResources.charge_lua)
        refund = script("refund", PackageResources.refund_lua)
        resolve = script("resolve", PackageResources.resolve_lua)
        start = script("start", PackageResources.start_lua)
        withdraw = script("withdraw", PackageResources.withdraw_lua)
        check = script("check", PackageResources.check_lua)
        reserve = script("reserve", PackageResources.reserve_lua)
        takeBack = script("take_back", PackageResources.take_back_lua)
        uses = script("uses", PackageResources.uses_lua)
    }

    /// What they all begin with.
    static func beginning(_ table: LimitTable) -> [UInt8] {
        Array("local RULES = \(table.rules)\n".utf8) + PackageResources.limits_lua
    }
}

extension LimitTable {
    /// A Lua table of whole numbers: see `limits.lua`. Times are in milliseconds.
    fileprivate var rules: String {
        func list(_ numbers: [Int]) -> String { "{\(numbers.map(String.init).joined(separator: ", "))}" }
        func list(_ scope: SendLimit.Scope) -> String {
            list(limits(of: scope).flatMap { [$0.count, $0.period.wholeMilliseconds] })
        }
        // Each moment has 13 digits; the waits look at one more than there are waits.
        func most(_ scope: SendLimit.Scope) -> Int { limits(of: scope).map(\.count).max() ?? 0 }
        let numberKept = max(most(.number), waits.isEmpty ? 0 : waits.count + 1)
        let budgets = budgets.flatMap { budget in
            [budget.ceiling, budget.period.wholeMilliseconds, max(1, budget.ceiling * alarmPercent / 100)]
        }
        // Keys have to outlive what they count, a counter two of its periods; a prefix' credit is remembered for at least
        // a day.
        let periods = limits.map(\.period) + self.budgets.map(\.period) + waits
        let longest = (periods + [waitMemory, credit.expiry, .seconds(86_400)]).max() ?? .zero
        let members = [
            ("waits", list(waits.map(\.wholeMilliseconds))), ("memory", "\(waitMemory.wholeMilliseconds)"),
            ("number", list(.number)), ("number_kept", "\(13 * numberKept)"),
            ("address", list(.address)), ("address_kept", "\(13 * most(.address))"),
            ("session", list(.session)), ("session_kept", "\(13 * most(.session))"),
            ("prefix", list(.prefix)), ("country", list(.country)), ("total", list(.total)),
            ("budgets", list(budgets)), ("credit", credit.rules), ("life", "'\((longest * 2).wholeMilliseconds)'"),
        ]
        return "{\(members.map { "\($0) = \($1)" }.joined(separator: ", "))}"
    }
}

extension CreditWindow {
    fileprivate var rules: String {
        "{start = \(start), floor = \(floor), ceiling = \(ceiling), widening = \(widening), narrowing = \(narrowing), "
            + "multiple = \(refusalMultiple), expiry = \(expiry.wholeMilliseconds)}"
    }
}
