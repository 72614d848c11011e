internal import Logging
internal import SMSProviders
internal import Synchronization

/// Watches how far the clocks of gateways and of this machine are apart: signatures hold the time, and are refused when
/// it is not the gateway's own.
final class GatewayClocks: Sendable {
    /// The least that is told; the strictest gateway allows five minutes.
    static let tolerance = Duration.seconds(60)

    private let logger: Logger
    private let state = Mutex<[String: Duration]>([:])

    init(logger: Logger) {
        self.logger = logger
    }

    /// How far this machine's clock is ahead of each gateway's that has told its time, by provider.
    var offsets: [String: Duration] { state.withLock { $0 } }

    /// Learns from an answer. A difference is told to the log when it begins and when it ends.
    func note(_ offset: Duration?, of provider: String) {
        guard let offset else { return }
        let before = state.withLock { offsets in
            let before = offsets[provider]
            offsets[provider] = offset
            return before
        }
        switch (before?.isTolerable ?? true, offset.isTolerable) {
        case (true, false):
            let seconds = abs(offset.components.seconds)
            logger.warning(
                """
                this machine's clock is \(seconds) s \(offset > .zero ? "ahead of" : "behind") that of \(provider), which \
                refuses signatures of another time: set this machine's clock, with NTP
                """)
        case (false, true): logger.notice("this machine's clock and that of \(provider) agree again")
        default: break
        }
    }
}

extension Duration {
    fileprivate var isTolerable: Bool { self >= .zero - GatewayClocks.tolerance && self <= GatewayClocks.tolerance }
}
