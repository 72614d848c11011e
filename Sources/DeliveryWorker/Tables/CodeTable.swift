internal import SMSProviders

/// What an operator says that vendors' codes mean, in place of the product's own tables.
///
///     # provider   code                class       reason
///     yuntongxun   160054              ok
///     aliyun       isv.NEW_LIMIT       throttled   number
///     tencent      FailedOperation.*   retry       channel
///
/// Classes and reasons are those of the metric `sms_sends_total`. A `*` at the end stands for anything that follows; a
/// code in full comes before one with a `*`, a longer one of these before a shorter one.
struct CodeTable: TextTable, Equatable {
    private struct Row: Equatable {
        var outcome: SendOutcome
        var line: Int
    }

    /// By provider and code; those with a `*` have it at their end.
    private var rows: [String: [String: Row]] = [:]

    /// A result with the meaning that its code has here; as it is, when its code is not in the table.
    func reinterpreted(_ result: SendResult, of provider: String) -> SendResult {
        guard let code = result.vendorCode, let row = row(code, of: provider) else { return result }
        var changed = result
        changed.outcome = row.outcome
        // How long a limit lasts is only known from the answer.
        if case .throttled(let reason, _) = row.outcome, case .throttled(_, let wait) = result.outcome {
            changed.outcome = .throttled(reason, retryAfter: wait)
        }
        changed.detail = "\(result.detail) (\(row.outcome.words) by the code table)"
        return changed
    }

    private func row(_ code: String, of provider: String) -> Row? {
        guard let rows = rows[provider] else { return nil }
        if let row = rows[code] { return row }
        return (0...code.count).lazy.compactMap { rows["\(code.dropLast($0))*"] }.first
    }

    mutating func add(_ line: Substring, number: Int) throws(LineFault) {
        let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
        guard (3...4).contains(words.count) else {
            throw LineFault("write PROVIDER CODE CLASS REASON, such as aliyun isv.NEW_LIMIT throttled number")
        }
        let provider = try ProviderName(word: words[0])
        let code = words[1]
        guard code.utf8.count <= 100, !code.dropLast().contains("*") else {
            throw LineFault("\(code) is no code; write it as the vendor does, and a * at its end for all that follow")
        }
        let outcome = try Self.outcome(words[2], words.count == 4 ? words[3] : nil)
        if let other = rows[provider.rawValue]?[code] {
            throw LineFault("\(provider.rawValue) \(code) is in line \(other.line) already; leave one of them out")
        }
        rows[provider.rawValue, default: [:]][code] = Row(outcome: outcome, line: number)
    }

    private static let classes = ["ok", "retry", "throttled", "bad_number", "bad_config", "unknown"]

    private static func outcome(_ name: String, _ word: String?) throws(LineFault) -> SendOutcome {
        guard classes.contains(name) else {
            throw LineFault("unknown class \(name); write one of \(classes.joined(separator: ", "))")
        }
        let reasons = reasons(of: name)
        let reason = word.flatMap { word in reasons.first { $0.rawValue == word } }
        guard (word == nil) == (reason == nil), let outcome = SendOutcome(label: name, reason: reason) else {
            throw LineFault(
                name == "ok"
                    ? "ok has no reason; leave it out"
                    : "\(name) needs a reason: one of \(reasons.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        return outcome
    }

    /// Of what a limit or a number is refused for, other parts of the program know these alone.
    private static func reasons(of name: String) -> [SendReason] {
        switch name {
        case "ok": []
        case "throttled": [.number, .quota, .rate]
        case "bad_number": [.blocked, .fraud, .number]
        default: SendReason.allCases
        }
    }
}

extension SendOutcome {
    fileprivate var words: String { [label, reason?.rawValue].compactMap(\.self).joined(separator: " ") }
}
