#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// How times are spread: how many were at most so long. Small, and two of them can be added.
public struct TimeDistribution: Sendable, Hashable {
    /// The bounds, in milliseconds: 1, 2, 5, 10, and so on up to 1,000,000.
    public static let bounds: [Int] = {
        var bounds: [Int] = []
        var decade = 1
        while decade < 1_000_000 {
            bounds += [decade, 2 * decade, 5 * decade]
            decade *= 10
        }
        return bounds + [decade]
    }()

    /// How many times lie between each bound and the one before. The last place also has those that are longer.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count)

    /// No times.
    public init() {}

    /// How many times there are.
    public var total: Int { counts.reduce(0, +) }

    /// Adds a time.
    public mutating func add(_ time: Duration) {
        add(1, at: time / .milliseconds(1))
    }

    /// About how long this share of the times, from 0 to 1, is at most, in milliseconds: between two bounds it is taken to
    /// grow evenly, by factors. Nil when there are none.
    public func estimate(of share: Double) -> Double? {
        let total = total
        guard total > 0 else { return nil }
        let wanted = max(1, Double(total) * share)
        var seen = 0
        for (index, count) in counts.enumerated() where count > 0 {
            seen += count
            guard Double(seen) >= wanted else { continue }
            let part = 1 - (Double(seen) - wanted) / Double(count)
            let upper = Double(Self.bounds[index])
            guard index > 0 else { return upper * part }
            let lower = Double(Self.bounds[index - 1])
            return lower * pow(upper / lower, part)
        }
        return nil
    }

    static func += (sum: inout TimeDistribution, more: TimeDistribution) {
        for index in sum.counts.indices { sum.counts[index] += more.counts[index] }
    }

    private mutating func add(_ count: Int, at milliseconds: Double) {
        let index = Self.bounds.firstIndex { milliseconds <= Double($0) } ?? Self.bounds.count - 1
        counts[index] += count
    }
}

// As JSON: bound → how many.
extension TimeDistribution {
    init(_ json: JSONText?) {
        self.init()
        for (name, value) in json?.members ?? [] {
            guard let bound = Double(name), let count = value.integer else { continue }
            add(count, at: bound)
        }
    }

    var json: String {
        let parts = zip(Self.bounds, counts).filter { $0.1 > 0 }.map { "\"\($0)\":\($1)" }
        return "{\(parts.joined(separator: ","))}"
    }
}
