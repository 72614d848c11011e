internal import Logging
internal import Metrics
internal import RedisClient
internal import SMSProviders
internal import SMSVerification

/// Remembers, for all workers of a broker, which numbers a provider has refused for good.
///
/// The string `sms:bad-number:<provider>:<mobile>` holds the reason and the provider's code. With sealed storage a
/// pseudonym stands for the number.
struct BadNumbers: RefusalMemory {
    /// A number that is malformed or out of service for one provider may be in service soon.
    private static let longestForNumber = Duration.seconds(3600)

    let client: RedisClient
    let sealingKeys: SealingKeys?
    /// How long those are remembered that are blocked or suspected of fraud.
    let life: Duration
    let logger: Logger

    func refusal(of message: OutgoingMessage, by provider: String) async -> SendResult? {
        do throws(RedisError) {
            guard let text = try await client.get(key(provider, message)) else { return nil }
            let words = text.split(separator: " ")
            guard let reason = words.first.flatMap({ SendReason(rawValue: String($0)) }) else { return nil }
            Counter(
                label: "sms.remembered_refusals", dimensions: [("provider", provider), ("reason", reason.rawValue)]
            ).increment()
            return SendResult(
                .badNumber(reason), vendorCode: words.dropFirst().first.map(String.init),
                detail: "has refused this number before (\(text))")
        } catch {
            // The provider knows it too.
            logger.debug("cannot look up whether a number was refused before: \(error)")
            return nil
        }
    }

    func learn(_ result: SendResult, to message: OutgoingMessage, of provider: String) async {
        guard case .badNumber(let reason) = result.outcome else { return }
        let life = [.blocked, .fraud].contains(reason) ? life : min(life, Self.longestForNumber)
        let text = [reason.rawValue, result.vendorCode].compactMap(\.self).joined(separator: " ")
        do throws(RedisError) {
            try await client.set(key(provider, message), text, expiry: life)
        } catch {
            logger.debug("cannot remember that a number was refused: \(error)")
        }
    }

    private func key(_ provider: String, _ message: OutgoingMessage) -> String {
        "sms:bad-number:\(provider):\(sealingKeys?.subject(message.mobile) ?? message.mobile)"
    }
}
