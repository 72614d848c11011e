import Logging
import Metrics
import SMSVerification
import Synchronization

/// Counts the connections of proxies that were cut, since they did not begin with the header, and names each such proxy in
/// the log once: one that is set up wrongly fails again with each connection.
final class RefusedProxies: Sendable {
    /// More proxies are counted, but not named.
    private static let mostNamed = 256

    private let counter: Counter
    private let named = Mutex<Set<ClientAddress>>([])

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        counter = Counter(label: "api.proxies.refused", dimensions: [], factory: factory)
    }

    func record(_ proxy: ClientAddress, logger: Logger) {
        counter.increment()
        let isFirst = named.withLock { $0.count < Self.mostNamed && $0.insert(proxy).inserted }
        guard isFirst else { return }
        logger.warning(
            """
            A trusted proxy does not speak the PROXY protocol, and its connections are cut: let it send the header, or \
            take it out of --trusted-proxies (SMS_TRUSTED_PROXIES)
            """,
            metadata: ["proxy": "\(proxy)"])
    }
}
