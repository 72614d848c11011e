#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension MetricsRegistry {
    /// Adds what Prometheus's own client libraries show of a process: memory, processor time, file descriptors, start.
    public func addProcessMetrics() {
        addCollector("process") { try ProcessMetrics.read() }
    }
}

/// The metrics of this process as the kernel counts them; see proc(5).
enum ProcessMetrics {
    static func read() throws -> [CollectedMetric] {
        // The command's name, field 2, may hold anything; the numbers begin after its closing parenthesis, with field 3.
        let status = String(decoding: try contentsOfFile("/proc/self/stat"), as: UTF8.self)
        let fields = (status.split(separator: ")").last ?? "").split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 21 else { return [] }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let (userTime, systemTime, startTime, virtualBytes, residentPages) =
            (fields[11], fields[12], fields[19], fields[20], fields[21])
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return [
            CollectedMetric(
                "process_cpu_seconds_total", .counter, help: "Processor time used, user and system.",
                value: (userTime + systemTime) / ticks),
            CollectedMetric(
                "process_max_fds", .gauge, help: "The limit of open file descriptors.", value: Double(limit.rlim_cur)),
            CollectedMetric(
                "process_open_fds", .gauge, help: "Open file descriptors.", value: Double(openDescriptors())),
            CollectedMetric(
                "process_resident_memory_bytes", .gauge, help: "Memory in RAM.",
                value: residentPages * Double(sysconf(Int32(_SC_PAGESIZE)))),
            CollectedMetric(
                "process_start_time_seconds", .gauge, help: "When the process started, seconds since 1970.",
                value: try bootTime() + startTime / ticks),
            CollectedMetric("process_virtual_memory_bytes", .gauge, help: "Address space.", value: virtualBytes),
        ]
    }

    /// When the machine started, seconds since 1970.
    private static func bootTime() throws -> Double {
        let lines = String(decoding: try contentsOfFile("/proc/stat", limit: 1 << 24), as: UTF8.self)
        let line = lines.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst("btime ".count)) } ?? 0
    }

    private static func openDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil {
            count += 1
        }
        // "." and "..", and the descriptor of the folder itself.
        return count - 3
    }
}
