internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// What else than the usual can become of a message. The raw value is how the number ends.
enum MagicOutcome: Int, CaseIterable, Sendable {
    case numberMalformed = 50
    case numberBlocked = 51
    case countryRefused = 52
    case authorizationRefused = 53
    case numberTooOften = 54
    /// Too many requests of the account; `Retry-After` says 2 s.
    case accountTooOften = 55
    /// A fault in the vendor's house, twice; the third attempt goes as usual.
    case failsTwice = 56
    /// The message goes out, and the answer never comes.
    case silentlyTaken = 57
    /// No message goes out, and the answer never comes.
    case silentlyLost = 58
    /// The message goes out, and the answer cannot be understood.
    case answerUnreadable = 59
}

/// Lets a number's last two digits choose what becomes of its messages, so that a test can have every outcome.
///
/// 50 to 59 are ``MagicOutcome``, all others go as usual.
final class MagicNumbers: Sendable {
    private let isOn: Bool
    /// How often each number's message has failed.
    private let failures = Mutex<[String: Int]>([:])

    init(isOn: Bool) {
        self.isOn = isOn
    }

    /// What becomes of a message that nothing is wrong with; nil if it goes as usual.
    ///
    /// - Parameter number: The number, or any text that ends with it.
    /// - Throws: The vendor's code if the message is refused.
    func outcome<Fault: MagicFault>(for number: String, of vendor: Fault.Type) throws(Fault) -> MagicOutcome? {
        guard let outcome = outcome(for: number) else { return nil }
        if let fault = Fault.magic[outcome] { throw fault }
        return outcome
    }

    private func outcome(for number: String) -> MagicOutcome? {
        guard isOn, let outcome = Int(number.suffix(2)).flatMap(MagicOutcome.init) else { return nil }
        guard outcome == .failsTwice else { return outcome }
        return failures.withLock { failures in
            guard failures[number, default: 0] < 2 else {
                failures[number] = nil
                return nil
            }
            failures[number, default: 0] += 1
            return outcome
        }
    }

    func reset() {
        failures.withLock { $0.removeAll() }
    }
}

/// A vendor's codes, with those for the outcomes of magic numbers.
protocol MagicFault: Error, Equatable {
    /// The code for a number that has had a message just now.
    static var numberTooOften: Self { get }

    /// The code for every outcome but those in which the vendor refuses nothing.
    static var magic: [MagicOutcome: Self] { get }
}

extension MagicFault {
    /// The seconds until the caller may try again, if the vendor says so.
    var retryAfter: Int? { self == Self.magic[.accountTooOften] ? 2 : nil }
}

extension MagicOutcome? {
    /// What goes out in place of an answer that the message was taken.
    func disturb(_ response: Response) async throws -> Response {
        switch self {
        case .silentlyTaken, .silentlyLost:
            // Nobody waits as long, but a connection must not stay for ever.
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(120)) }
            throw HTTPError(.gatewayTimeout)
        case .answerUnreadable:
            let text = "<html><body>It works!</body></html>"
            return Response(
                status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: ByteBuffer(string: text)))
        default:
            return response
        }
    }
}

extension YuntongxunFault: MagicFault {
    static let magic: [MagicOutcome: YuntongxunFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .tokenInvalid, .numberTooOften: .numberTooOften, .accountTooOften: .accountTooOften,
        .failsTwice: .systemFailed,
    ]
}

extension AliyunFault: MagicFault {
    static let magic: [MagicOutcome: AliyunFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .accessKeyDisabled, .numberTooOften: .numberTooOften,
        .accountTooOften: .accountTooOften, .failsTwice: .systemFailed,
    ]
}

extension TencentFault: MagicFault {
    static let magic: [MagicOutcome: TencentFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .callerRefused, .numberTooOften: .numberTooOften, .accountTooOften: .accountTooOften,
        .failsTwice: .systemFailed,
    ]
}

extension TwilioFault: MagicFault {
    /// The vendor has one code for all that comes too often, which is the sandbox's for a number already; the other limit
    /// is that of the account's sender.
    static let magic: [MagicOutcome: TwilioFault] = [
        .numberMalformed: .numberInvalid, .numberBlocked: .recipientOptedOut, .countryRefused: .countryNotEnabled,
        .authorizationRefused: .notAuthenticated, .numberTooOften: .numberTooOften,
        .accountTooOften: .senderQueueFull, .failsTwice: .systemFailed,
    ]
}

extension AmazonSNSFault: MagicFault {
    /// The vendor has no code for a country; what it refuses beforehand is a number that the account may not write to.
    static let magic: [MagicOutcome: AmazonSNSFault] = [
        .numberMalformed: .numberInvalid, .numberBlocked: .recipientOptedOut, .countryRefused: .numberNotVerified,
        .authorizationRefused: .callerRefused, .numberTooOften: .numberTooOften, .accountTooOften: .accountTooOften,
        .failsTwice: .systemFailed,
    ]
}

extension SignedWebhookFault: MagicFault {
    static let magic: [MagicOutcome: SignedWebhookFault] = [
        .numberMalformed: .numberMalformed, .numberBlocked: .numberBlocked, .countryRefused: .countryRefused,
        .authorizationRefused: .authorizationRefused, .numberTooOften: .numberTooOften,
        .accountTooOften: .accountTooOften, .failsTwice: .systemFailed,
    ]
}
