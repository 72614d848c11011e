internal import FoundationEssentials

extension WireTime {
    /// This machine's time.
    public static var now: WireTime {
        WireTime(microseconds: Int(Date().timeIntervalSince1970 * 1_000_000))
    }
}
