internal import RedisClient

/// The keys of what limits, credit windows and budgets count. A period is part of its counter's key: when an operator
/// changes it, counting begins anew.
enum LimitKeys {
    static func unresolved(_ prefix: String) -> String { "sms:credit:unresolved:\(prefix)" }
    static func window(_ prefix: String) -> String { "sms:credit:window:\(prefix)" }
    static func moments(_ scope: SendLimit.Scope, _ subjects: SendSubjects) -> String {
        "sms:limit:\(scope):\(subjects.subject(of: scope))"
    }
    static func counter(_ limit: SendLimit, _ subjects: SendSubjects) -> String {
        "sms:limit:\(limit.scope):\(limit.period.components.seconds):\(subjects.subject(of: limit.scope))"
    }
    static func account(_ budget: Budget) -> String { "sms:budget:\(budget.period.components.seconds)" }
}
