#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

extension WireTime {
    /// This machine's time.
    public static var now: WireTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WireTime(microseconds: Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000)
    }
}
