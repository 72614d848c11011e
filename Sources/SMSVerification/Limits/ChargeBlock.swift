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

    var keys: [String] {
        [
            Self.creditKey(prefix: subjects.prefix), "sms:limit:number:\(subjects.number)",
            "sms:limit:address:\(subjects.address ?? "")", "sms:limit:country:\(subjects.country)",
            "sms:limit:total", "sms:budget:alarm:",
        ]
    }

    var arguments: [any RedisArgument] {
        [
            now.map(String.init) ?? "", send, rules.table.price(ofCountry: subjects.country),
            subjects.address == nil ? 0 : 1, hasCredit ? 1 : 0,
        ]
    }

    /// What the scripts' places of limits mean.
    var names: [String] { subjects.address == nil ? rules.namesWithoutAddress : rules.names }

    static func creditKey(prefix: String) -> String { "sms:credit:\(prefix)" }
}
