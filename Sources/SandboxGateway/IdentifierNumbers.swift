internal import Synchronization

/// Random numbers for identifiers that need not be hard to guess: after the first one they cost no call into the kernel.
///
/// They are those of SplitMix64, from a start of the system's: https://prng.di.unimi.it/splitmix64.c
struct IdentifierNumbers: RandomNumberGenerator {
    private static let state = Atomic(UInt64.random(in: .min ... .max))

    /// 32 hexadecimal digits.
    static func digits() -> String {
        var numbers = Self()
        return UInt128.random(in: .min ... .max, using: &numbers).hexadecimal
    }

    mutating func next() -> UInt64 {
        var number = Self.state.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        number = (number ^ (number >> 30)) &* 0xbf58_476d_1ce4_e5b9
        number = (number ^ (number >> 27)) &* 0x94d0_49bb_1331_11eb
        return number ^ (number >> 31)
    }
}
