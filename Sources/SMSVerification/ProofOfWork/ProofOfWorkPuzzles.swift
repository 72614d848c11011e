internal import Crypto

/// The work itself: sixteen puzzles, whose answers are counters for which
///
///     SHA-256(SHA-256(challenge) ‖ puzzle's number ‖ counter)
///
/// begins with zero bits, four less than the challenge has bits: 14 for 18. Number and counter are 32 bits, big-endian.
///
/// One large puzzle takes as long as luck wants: one time in twenty, more than three times its average. Sixteen small
/// ones take one time in twenty more than 1.45 times their average, and their progress can be shown. The inner hash makes
/// each trial a single block, whatever the challenge's length.
struct ProofOfWorkPuzzles {
    static let count = 16
    /// How many bits of the work are in the number of puzzles.
    static let countBits = 4
    /// The length of a solution: sixteen counters of four bytes in base64url.
    static let solutionLength = 86

    private let seed: [UInt8]
    private let zeroBits: Int

    init(_ challenge: ProofOfWorkChallenge) {
        seed = Array(SHA256.hash(data: Array(challenge.text.utf8)))
        zeroBits = challenge.bits - Self.countBits
    }

    /// The counters that a solution's text holds, nil unless it is in its only form.
    static func counters(_ solution: String) -> [UInt32]? {
        guard solution.utf8.count == solutionLength, let bytes = Base64URL.decode(solution) else { return nil }
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    func areSolved(by counters: [UInt32]) -> Bool {
        counters.count == Self.count
            && counters.enumerated().allSatisfy { isSolved(puzzle: UInt32($0.offset), by: $0.element) }
    }

    private func isSolved(puzzle: UInt32, by counter: UInt32) -> Bool {
        var hash = SHA256()
        hash.update(data: seed)
        for number in [puzzle, counter] {
            withUnsafeBytes(of: number.bigEndian) { hash.update(bufferPointer: $0) }
        }
        let firstWord = hash.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        return firstWord.leadingZeroBitCount >= zeroBits
    }
}
