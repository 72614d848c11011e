@testable import SMSVerification

/// What `limits.lua` means, in the plainest form: it keeps all sends and looks at all of them each time.
struct LimitModel {
    struct Send {
        var name: String
        var subjects: SendSubjects
        var moment: Int
        var price: Int
    }

    enum Outcome: Equatable {
        case charged(resendAfter: Int, alarms: [String])
        case needsProof(ProofLevel)
        case refused(limit: String, retryAfter: Int, ownRetryAfter: Int)
    }

    let table: LimitTable
    private var sends: [Send] = []
    private var unresolved: [String: [(expiry: Int, name: String)]] = [:]
    private var windows: [String: Int] = [:]
    private var rung: Set<String> = []

    init(_ table: LimitTable) { self.table = table }

    mutating func charge(_ subjects: SendSubjects, send: String, proof: ProofLevel, now: Int) -> Outcome {
        // Nothing looks further back; the model would only become slow.
        sends.removeAll { now - $0.moment > 4_000_000 }
        let credit = table.credit
        let window = noticeExpired(subjects.prefix, now)
        let price = table.price(ofCountry: subjects.country)
        let open = unresolved[subjects.prefix, default: []]

        var ofNumber: [(name: String, wait: Int)] = [("number-wait", waitAfter(subjects.number, now))]
        var holds: [(name: String, wait: Int)] = []
        var own = 0
        for limit in limitsInOrder(subjects) {
            let wait = wait(limit, subjects, now)
            if limit.scope == .address || limit.scope == .session { own = max(own, wait) }
            if limit.scope == .number { ofNumber.append((limit.name, wait)) } else { holds.append((limit.name, wait)) }
        }
        let most = window * credit.refusalMultiple
        holds.append(("credit", open.count >= most ? open.map(\.expiry).sorted()[open.count - most] - now : 0))
        for budget in table.budgets {
            let period = budget.period.milliseconds
            holds.append(
                (budget.name, spent(budget, now) + price > budget.ceiling ? (now / period + 1) * period - now : 0))
        }
        if let refusal = refusal(holds, own: max(0, own)) { return refusal }
        let wanted: ProofLevel =
            open.count < window ? .one : .both(pressure: 1 + (open.count - window) * 4 / (most - window))
        if proof < wanted { return .needsProof(wanted) }
        if let refusal = refusal(ofNumber, own: 0) { return refusal }

        sends.append(Send(name: send, subjects: subjects, moment: now, price: price))
        unresolved[subjects.prefix, default: []].append((now + credit.expiry.milliseconds, send))
        let again = table.limits(of: .number).map { wait($0, subjects, now) } + [waitAfter(subjects.number, now)]
        let alarms = table.budgets.filter { budget in
            spent(budget, now) >= budget.ceiling * table.alarmPercent / 100
                && rung.insert("\(budget.name) \(now / budget.period.milliseconds)").inserted
        }
        return .charged(resendAfter: again.max() ?? 0, alarms: alarms.map(\.name))
    }

    private func refusal(_ holds: [(name: String, wait: Int)], own: Int) -> Outcome? {
        guard let longest = holds.map(\.wait).max(), longest > 0, let hold = holds.first(where: { $0.wait == longest })
        else { return nil }
        return .refused(limit: hold.name, retryAfter: longest, ownRetryAfter: own)
    }

    mutating func refund(send: String, prefix: String, now: Int) -> Bool {
        _ = noticeExpired(prefix, now)
        guard resolve(send, prefix) else { return false }
        sends.removeAll { $0.name == send }
        return true
    }

    mutating func confirm(send: String, prefix: String, now: Int) -> Bool {
        let window = noticeExpired(prefix, now)
        guard resolve(send, prefix) else { return false }
        windows[prefix] = min(window + table.credit.widening, table.credit.ceiling)
        return true
    }

    private mutating func resolve(_ send: String, _ prefix: String) -> Bool {
        let before = unresolved[prefix, default: []]
        unresolved[prefix] = before.filter { $0.name != send }
        return before.count != unresolved[prefix]?.count
    }

    private mutating func noticeExpired(_ prefix: String, _ now: Int) -> Int {
        let expired = unresolved[prefix, default: []].count { $0.expiry <= now }
        unresolved[prefix]?.removeAll { $0.expiry <= now }
        let window = max(
            windows[prefix, default: table.credit.start] - expired * table.credit.narrowing, table.credit.floor)
        windows[prefix] = window
        return window
    }

    private func limitsInOrder(_ subjects: SendSubjects) -> [SendLimit] {
        SendLimit.Scope.allCases
            .filter { $0 != .address || subjects.address != nil }
            .filter { $0 != .session || subjects.session != nil }
            .flatMap { table.limits(of: $0) }
    }

    private func moments(_ limit: SendLimit, _ subjects: SendSubjects) -> [Int] {
        sends.filter { send in
            switch limit.scope {
            case .number: send.subjects.number == subjects.number
            case .address: send.subjects.address != nil && send.subjects.address == subjects.address
            case .session: send.subjects.session != nil && send.subjects.session == subjects.session
            case .prefix: send.subjects.prefix == subjects.prefix
            case .country: send.subjects.country == subjects.country
            case .total: true
            }
        }.map(\.moment).sorted(by: >)
    }

    private func wait(_ limit: SendLimit, _ subjects: SendSubjects, _ now: Int) -> Int {
        let period = limit.period.milliseconds
        let moments = moments(limit, subjects)
        if limit.scope == .number || limit.scope == .address || limit.scope == .session {
            return moments.count < limit.count ? 0 : max(0, moments[limit.count - 1] + period - now)
        }
        // The first moment at which the estimate, which falls as time passes, has room for one more.
        let current = moments.count { $0 / period == now / period }
        let previous = moments.count { $0 / period == now / period - 1 }
        func hasRoom(_ time: Int) -> Bool {
            let (passed, rest) = (time / period - now / period, period - time % period)
            switch passed {
            case 0: return (current + 1 - limit.count) * period + previous * rest <= 0
            case 1: return (1 - limit.count) * period + current * rest <= 0
            default: return true
            }
        }
        var (first, last) = (now, now + 2 * period)
        while first < last {
            let middle = (first + last) / 2
            if hasRoom(middle) { last = middle } else { first = middle + 1 }
        }
        return first - now
    }

    private func waitAfter(_ number: String, _ now: Int) -> Int {
        let memory = table.waitMemory.milliseconds
        let moments = sends.filter { $0.subjects.number == number }.map(\.moment)
        let run = min(moments.count { $0 > now - memory }, table.waits.count)
        guard run > 0, let newest = moments.max() else { return 0 }
        return max(0, newest + table.waits[run - 1].milliseconds - now)
    }

    private func spent(_ budget: Budget, _ now: Int) -> Int {
        let period = budget.period.milliseconds
        return sends.filter { $0.moment / period == now / period }.reduce(0) { $0 + $1.price }
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
