internal import Synchronization

/// Lets a number's last two digits choose what becomes of its messages, so that a test can have every outcome.
///
/// 50 to 63 bring about a ``SandboxFault`` each, all others go as usual.
final class MagicNumbers: Sendable {
    private static let faults: [Int: SandboxFault] = [
        50: .numberMalformed, 51: .numberBlocked, 52: .countryRefused, 53: .authorizationRefused,
        54: .numberThrottled, 55: .throttled,
        // Twice; the third attempt goes as usual.
        56: .systemFailed,
        57: .hangAfterSending, 58: .hang, 59: .garbage,
        60: .reportFailed, 61: .reportLate, 62: .reportRepeated, 63: .reportsOutOfOrder,
    ]

    private let isOn: Bool
    /// How often each number's message has failed.
    private let failures = Mutex<[String: Int]>([:])

    init(isOn: Bool) {
        self.isOn = isOn
    }

    /// What becomes of a message that nothing is wrong with; nil if it goes as usual.
    ///
    /// - Parameter number: The number, or any text that ends with it.
    func fault(for number: String) -> SandboxFault? {
        guard isOn, let fault = Int(number.suffix(2)).flatMap({ Self.faults[$0] }) else { return nil }
        guard fault == .systemFailed else { return fault }
        return failures.withLock { failures in
            guard failures[number, default: 0] < 2 else {
                failures[number] = nil
                return nil
            }
            failures[number, default: 0] += 1
            return fault
        }
    }

    func reset() {
        failures.withLock { $0.removeAll() }
    }
}
