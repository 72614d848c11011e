/// What is wrong with a text of limits, and what to write instead.
public struct LimitTableError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, counted from 1; nil when it is not about one.
    public var line: Int?
    /// What is wrong and what helps.
    public var message: String
    /// What is wrong with further lines.
    public var others: [LimitTableError] = []

    /// What is wrong, each on a line; at least one.
    public var faults: [String] { [line.map { "line \($0): \(message)" } ?? message] + others.flatMap(\.faults) }

    public var description: String { faults.joined(separator: "; ") }

    /// The same faults, of the file at `path`.
    func naming(_ path: String) -> Self {
        Self(line: line, message: "\(message) (in \(path))", others: others.map { $0.naming(path) })
    }
}

extension LimitTable {
    /// Reads what differs from the defaults, a line each. `#` begins a comment.
    ///
    ///     wait 60s 120s 300s 600s          # after the first, second, … message to a number
    ///     wait-memory 1h
    ///     limit number-hour number 5 per 1h
    ///     limit address-day off
    ///     block +86 138 0013 8000
    ///     credit start 8                   # or floor, ceiling, widening, narrowing, refusal-multiple, expiry
    ///     price 86 4500                    # by country code, or: price other 60000
    ///     budget budget-day 500000000 per 1d
    ///     alarm 80%
    ///
    /// A limit or budget of a name that there is takes its place; any other name adds one.
    ///
    /// - Throws: ``LimitTableError`` for all lines that cannot be used.
    public init(text: String) throws(LimitTableError) {
        self.init()
        var number = 0
        var errors: [LimitTableError] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = words.first else { continue }
            do {
                try apply(keyword, Array(words.dropFirst()))
            } catch {
                // Somebody who forgets the word "block" has written a number there, which must not be logged.
                let shown = keyword.contains { $0.isNumber } ? "" : "\(keyword): "
                errors.append(LimitTableError(line: number, message: "\(shown)\(error)"))
            }
        }
        if let problem = credit.problem { errors.append(LimitTableError(message: problem)) }
        guard var error = errors.first else { return }
        error.others = Array(errors.dropFirst())
        throw error
    }

    /// The whole table as such lines, to show it or to compare it with another. Numbers are masked.
    public var lines: [String] {
        let waits = waits.isEmpty ? ["off"] : waits.map(\.limitText)
        return ["wait \(waits.joined(separator: " "))", "wait-memory \(waitMemory.limitText)"]
            + limits.map { "limit \($0.name) \($0.scope) \($0.count) per \($0.period.limitText)" }
            + blocked.map { "block \($0)" }.sorted()
            + CreditWindow.counts.map { "credit \($0.key) \(credit[keyPath: $0.value])" }.sorted()
            + ["credit expiry \(credit.expiry.limitText)"]
            + prices.sorted { $0.key < $1.key }.map { "price \($0.key) \($0.value)" } + ["price other \(otherPrice)"]
            + budgets.map { "budget \($0.name) \($0.ceiling) per \($0.period.limitText)" } + ["alarm \(alarmPercent)%"]
    }

    private mutating func apply(_ keyword: String, _ words: [String]) throws(Complaint) {
        switch keyword {
        case "wait": try setWaits(words)
        case "wait-memory":
            guard words.count == 1 else { throw Complaint("write one time, such as 1h") }
            waitMemory = try period(words[0])
        case "limit": try setLimit(words)
        case "block": try block(words)
        case "credit": try setCredit(words)
        case "price": try setPrice(words)
        case "budget": try setBudget(words)
        case "alarm":
            guard words.count == 1, words[0].hasSuffix("%") else { throw Complaint("write a share, such as 80%") }
            alarmPercent = try whole(String(words[0].dropLast()), in: 1...100)
        default:
            throw Complaint(
                "unknown; a line begins with wait, wait-memory, limit, block, credit, price, budget or alarm")
        }
    }

    private mutating func setWaits(_ words: [String]) throws(Complaint) {
        guard !words.isEmpty else { throw Complaint("write one time or more, such as 60s 120s, or off") }
        guard words.count <= 20 else { throw Complaint("write at most 20 times: the last one goes for all further") }
        var waits: [Duration] = []
        if words != ["off"] { for word in words { waits.append(try period(word)) } }
        self.waits = waits
    }

    private mutating func setLimit(_ words: [String]) throws(Complaint) {
        guard let name = words.first else { throw Complaint("write limit NAME SCOPE COUNT per PERIOD") }
        try checkName(name, taken: [Self.waitName, Self.creditName] + budgets.map(\.name))
        let place = limits.firstIndex { $0.name == name }
        if words.dropFirst() == ["off"] {
            guard let place else { throw Complaint("there is no limit \(name) to turn off") }
            limits.remove(at: place)
            return
        }
        guard words.count == 5, words[3] == "per" else {
            throw Complaint("write limit \(name) SCOPE COUNT per PERIOD, such as number 5 per 1h, or limit \(name) off")
        }
        guard let scope = SendLimit.Scope(rawValue: words[1]) else {
            let scopes = SendLimit.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint("unknown scope \(words[1]); write one of \(scopes)")
        }
        // Exact limits keep every moment that they count.
        let count = try whole(words[2], in: 1...(scope.isExact ? 1000 : 1_000_000_000))
        let limit = SendLimit(name, of: scope, count, per: try period(words[4]))
        if let other = limits.first(where: { $0.name != name && $0.scope == scope && $0.period == limit.period }) {
            throw Complaint("\(other.name) has that scope and period already; change that one or turn it off first")
        }
        if let place { limits[place] = limit } else { limits.append(limit) }
    }

    private mutating func block(_ words: [String]) throws(Complaint) {
        do {
            blocked.insert(try Self.allNumbers.read(words.joined(separator: " ")))
        } catch {
            // The error may be logged, and the number must not be.
            throw Complaint("this is no mobile number; write it as +8613800138000 with its country code")
        }
    }

    private static let allNumbers = NumberPlan(home: .china, others: CountryCode.known)

    private mutating func setCredit(_ words: [String]) throws(Complaint) {
        guard words.count == 2 else { throw Complaint("write credit SETTING VALUE, such as credit start 8") }
        if words[0] == "expiry" {
            credit.expiry = try period(words[1])
        } else if let count = CreditWindow.counts[words[0]] {
            credit[keyPath: count] = try whole(words[1], in: 1...1_000_000)
        } else {
            let settings = CreditWindow.counts.keys.sorted().joined(separator: ", ")
            throw Complaint("unknown setting \(words[0]); write one of \(settings), expiry")
        }
    }

    private mutating func setPrice(_ words: [String]) throws(Complaint) {
        guard words.count == 2 else { throw Complaint("write price COUNTRY PRICE, such as price 86 4500") }
        let price = try whole(words[1], in: 0...1_000_000_000)
        if words[0] == "other" {
            otherPrice = price
        } else {
            guard (1...3).contains(words[0].utf8.count), words[0].utf8.allSatisfy(Self.isDigit) else {
                throw Complaint("\(words[0]) is no country code; write its digits without +, such as 86, or other")
            }
            prices[words[0]] = price
        }
    }

    private mutating func setBudget(_ words: [String]) throws(Complaint) {
        guard let name = words.first else { throw Complaint("write budget NAME CEILING per PERIOD") }
        try checkName(name, taken: [Self.waitName, Self.creditName] + limits.map(\.name))
        let place = budgets.firstIndex { $0.name == name }
        if words.dropFirst() == ["off"] {
            guard let place else { throw Complaint("there is no budget \(name) to turn off") }
            budgets.remove(at: place)
            return
        }
        guard words.count == 4, words[2] == "per" else {
            throw Complaint("write budget \(name) CEILING per PERIOD, such as 500000000 per 1d, or budget \(name) off")
        }
        let budget = Budget(name, try whole(words[1], in: 1...10_000_000_000_000), per: try period(words[3]))
        if let other = budgets.first(where: { $0.name != name && $0.period == budget.period }) {
            throw Complaint("\(other.name) has that period already; change that one or turn it off first")
        }
        if let place { budgets[place] = budget } else { budgets.append(budget) }
    }

    private func checkName(_ name: String, taken: [String]) throws(Complaint) {
        guard name.utf8.count <= 40, name.utf8.allSatisfy(Self.isOfName) else {
            throw Complaint("\(name) is no name; write at most 40 lower-case letters, digits and hyphens")
        }
        guard !taken.contains(name) else { throw Complaint("the name \(name) is taken; write another") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"): true
        default: isDigit(byte)
        }
    }
}

/// What is wrong with a line.
private struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private func whole(_ text: String, in range: ClosedRange<Int>) throws(Complaint) -> Int {
    guard let value = Int(text), range.contains(value) else {
        throw Complaint("\(text) does not fit; write a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
}

private let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

private func period(_ text: String) throws(Complaint) -> Duration {
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
        (1...31 * 86_400).contains(count), count * unit <= 31 * 86_400
    else { throw Complaint("\(text) is no time; write a number and s, m, h or d, up to 31d, such as 90s or 1h") }
    return .seconds(count * unit)
}

extension Duration {
    /// As ``LimitTable/init(text:)`` reads it.
    fileprivate var limitText: String {
        let seconds = Int(components.seconds)
        for (unit, length) in units.sorted(by: { $0.value > $1.value }) where seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}

extension CreditWindow {
    /// The settings that are numbers, as a text calls them.
    fileprivate static var counts: [String: WritableKeyPath<CreditWindow, Int>] {
        [
            "start": \.start, "floor": \.floor, "ceiling": \.ceiling, "widening": \.widening,
            "narrowing": \.narrowing, "refusal-multiple": \.refusalMultiple,
        ]
    }

    /// What cannot be: looked at when all lines were read, since each alone may be right.
    fileprivate var problem: String? {
        guard floor <= start, start <= ceiling else {
            return "credit: floor \(floor), start \(start) and ceiling \(ceiling) must be in rising order"
        }
        return nil
    }
}
