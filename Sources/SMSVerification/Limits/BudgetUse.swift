public import RedisClient

/// How much of a budget is spent in its present period, in the unit of the prices.
public struct BudgetUse: Sendable, Hashable {
    /// The budget.
    public let budget: Budget
    /// What is spent, by expected prices.
    public let spent: Int
}

extension SendLimiter {
    /// Reads all budgets of the table in force.
    ///
    /// - Throws: ``RedisError``.
    public func budgets() async throws(RedisError) -> [BudgetUse] {
        let (rules, now) = presentRules
        let spent = try await store.run(
            rules.scripts.accounts, keys: [ChargeBlock.totalKey], arguments: [now]
        ).array
        var uses: [BudgetUse] = []
        for (budget, value) in zip(rules.table.budgets, spent) {
            uses.append(BudgetUse(budget: budget, spent: try value.integer))
        }
        return uses
    }
}
