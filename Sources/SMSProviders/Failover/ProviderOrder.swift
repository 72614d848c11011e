/// In which order the providers of a chain are asked.
///
/// Providers without a weight keep their places. Of neighbours with weights each message draws its own order: the first
/// is the one with the weight 3 three times as often as the one with the weight 1.
public struct ProviderOrder: Sendable {
    private struct Member {
        var position: Int
        var weight: Int
    }

    private let groups: [[Member]]

    /// An order of as many providers as there are weights.
    ///
    /// - Parameter weights: 1 or more; nil: the provider keeps its place.
    public init(weights: [Int?]) {
        var groups: [[Member]] = []
        var lastHasWeight = false
        for (position, weight) in weights.enumerated() {
            let member = Member(position: position, weight: max(1, weight ?? 1))
            if weight != nil, lastHasWeight {
                groups[groups.count - 1].append(member)
            } else {
                groups.append([member])
            }
            lastHasWeight = weight != nil
        }
        self.groups = groups
    }

    /// The positions, in the order in which they are asked.
    public func drawn(using generator: inout some RandomNumberGenerator) -> [Int] {
        var positions: [Int] = []
        for group in groups {
            var left = group
            while left.count > 1 {
                var ticket = Int.random(in: 0..<left.reduce(0) { $0 + $1.weight }, using: &generator)
                let drawn = left.firstIndex { member in
                    ticket -= member.weight
                    return ticket < 0
                }
                positions.append(left.remove(at: drawn ?? 0).position)
            }
            positions += left.map(\.position)
        }
        return positions
    }

    /// The same for every attempt of one task, in every worker: after an outcome that nobody knows, the provider is asked
    /// that may recognise the repetition.
    func drawn(for taskID: String) -> [Int] {
        var generator = TaskDraw(taskID)
        return drawn(using: &generator)
    }
}

/// Numbers that a task's identifier determines: SplitMix64 (`https://prng.di.unimi.it/splitmix64.c`), seeded with the
/// identifier's FNV-1a hash.
private struct TaskDraw: RandomNumberGenerator {
    private var state: UInt64

    init(_ taskID: String) {
        state = taskID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
