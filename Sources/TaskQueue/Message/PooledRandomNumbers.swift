import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The system's cryptographic random numbers, fetched some at a time: a call into the kernel for each one costs more than
/// all else that a new id takes. Each is handed out once and then overwritten.
///
/// They are kept in memory until then: machines that are cloned from one snapshot of a running process may hand out the same
/// up to 32 numbers.
package struct PooledRandomNumbers: RandomNumberGenerator {
    private static let pool = Mutex(Pool())

    /// All share one pool.
    package init() {}

    package func next() -> UInt64 {
        Self.pool.withLock { $0.next() }
    }

    private struct Pool: Sendable {
        // 256 bytes: as many as there are in one call. https://man7.org/linux/man-pages/man3/getentropy.3.html
        private var numbers = [UInt64](repeating: 0, count: 32)
        private var left = 0

        mutating func next() -> UInt64 {
            if left == 0 { fill() }
            left -= 1
            defer { numbers[left] = 0 }
            return numbers[left]
        }

        private mutating func fill() {
            let result = numbers.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { getentropy($0, bytes.count) }
            }
            if result != 0 {
                var system = SystemRandomNumberGenerator()
                for place in numbers.indices { numbers[place] = system.next() }
            }
            left = numbers.count
        }
    }
}
