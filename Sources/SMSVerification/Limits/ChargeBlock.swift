internal import RedisClient

/// Whom the limits are asked about, as `limits.lua` reads it: a row of keys and a row of arguments, which a script of more
/// purposes takes among its own. The script must be one of ``LimitRules/scripts`` of the same rules.
struct ChargeBlock: Sendable {
    let rules: LimitRules
    let subjects: SendSubjects
    /// The name of this one message, by which it is taken back or resolved.
    let send: String
    /// Milliseconds; nil for the server's time.
    var now: Int?
    /// The credit window counts: somebody will tell which codes came back.
    var hasCredit = true
    /// The table says that the number is sent nothing.
    var isBlocked = false

    var keys: [String] { Self.keys(subjects) }

    private static func keys(_ subjects: SendSubjects) -> [String] {
        [
            creditKey(prefix: subjects.prefix), "sms:limit:number:\(subjects.number)",
            "sms:limit:address:\(subjects.address ?? "")", "sms:limit:session:\(subjects.session ?? "")",
            countryKey(subjects.country), totalKey, StoreKeys.blocked(subject: subjects.number),
            "sms:budget:alarm:",
        ]
    }

    /// Names to take over, an old one and a new one in turn, where other sealing keys gave other names to the subjects.
    func renamed(from others: [SendSubjects]) -> [String] {
        others.flatMap { zip(Self.keys($0), keys).filter { $0 != $1 }.flatMap { [$0, $1] } }
    }

    var arguments: [any RedisArgument] {
        [
            now.map(String.init) ?? "", send, rules.table.price(ofCountry: subjects.country),
            subjects.address == nil ? 0 : 1, subjects.session == nil ? 0 : 1, hasCredit ? 1 : 0, isBlocked ? 1 : 0,
        ]
    }

    /// What is counted of all messages, with the budgets' accounts.
    static let totalKey = "sms:limit:total"

    static func countryKey(_ callingCode: String) -> String { "sms:limit:country:\(callingCode)" }

    static func creditKey(prefix: String) -> String { "sms:credit:\(prefix)" }
}
