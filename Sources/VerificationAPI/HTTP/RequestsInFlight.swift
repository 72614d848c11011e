import Synchronization

/// How many requests have begun and are not answered yet.
final class RequestsInFlight: Sendable {
    private let number = Atomic<Int>(0)

    var count: Int { number.load(ordering: .relaxed) }

    func begin() { number.add(1, ordering: .relaxed) }

    func end() { number.subtract(1, ordering: .relaxed) }
}
