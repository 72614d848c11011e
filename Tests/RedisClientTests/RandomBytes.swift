import TestSupport

extension [UInt8] {
    /// Cuts the bytes into pieces, as a network may: at most so many, of random lengths.
    func split(atMost mostPieces: Int, using generator: inout SeededGenerator) -> [[UInt8]] {
        let cutCount = Int.random(in: 0..<mostPieces, using: &generator)
        let cuts = (0..<cutCount).map { _ in Int.random(in: 0...count, using: &generator) }.sorted()
        return zip([0] + cuts, cuts + [count]).map { start, end in Array(self[start..<end]) }
    }

    /// Changes, inserts, removes or cuts off bytes here and there; now and then puts random bytes in place of all.
    func damaged(using generator: inout SeededGenerator) -> [UInt8] {
        if Int.random(in: 0..<10, using: &generator) == 0 {
            return map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator)
            case 1: bytes.insert(Self.telling.randomElement(using: &generator) ?? 0, at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place...)
            default: bytes[place] = Self.telling.randomElement(using: &generator) ?? 0
            }
        }
        return bytes
    }

    /// Bytes that mean something to a reader of any version of the protocol.
    private static let telling = Array("+-:$*_,#!=(%~>|.0129\r\n".utf8)
}
