/// How much work is asked for.
///
/// A challenge of so many bits costs 2 to that power hashes on average. A browser makes one to five million a second,
/// an old phone a tenth of that; a graphics card makes thousands of millions. The work is a price, not a wall.
public struct ProofOfWorkPolicy: Sendable, Hashable {
    /// Without pressure: 2^18 hashes, a tenth of a second on a laptop and a second or two on an old phone.
    public var baseBits = 18
    /// What each level of pressure adds. Two bits are four times the work.
    public var bitsPerPressureLevel = 2
    /// What is asked for at most: people wait for it too.
    public var maximumBits = 28
    /// So many levels of pressure more, and work alone counts as a picture and work.
    public static let levelsInsteadOfPicture = 2
    /// How long a challenge is good for: the slowest phone must be done by then, and work that was collected ahead of an
    /// attack must not last.
    public var lifetime: Duration = .seconds(120)

    /// The usual work.
    public init() {}

    /// The work asked for at a level of pressure; 0 is none. It stays within ``ProofOfWork/possibleBits``.
    public func bits(atPressure level: Int) -> Int {
        let possible = ProofOfWork.possibleBits
        // Beyond so many levels every policy is at its maximum.
        let level = min(max(0, level), possible.upperBound)
        let wanted = min(maximumBits, baseBits + level * bitsPerPressureLevel)
        return min(max(wanted, possible.lowerBound), possible.upperBound)
    }

    /// The highest level of pressure that so much work is enough for.
    public func pressure(ofBits bits: Int) -> Int {
        let most = ProofOfWork.possibleBits.upperBound
        return (0...most).last { self.bits(atPressure: $0) <= bits } ?? 0
    }
}
