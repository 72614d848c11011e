import Glibc

/// What this process has used so far, as the system counts it.
enum ProcessUsage {
    struct Unreadable: Error {}

    /// Seconds of processor time, user and system.
    static var cpuSeconds: Double {
        let usage = ofSelf
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    static var maximumResidentKibibytes: Int { ofSelf.ru_maxrss }

    /// The memory that is resident now. (The maximum would hide what was given back.)
    static func residentKibibytes() throws -> Int {
        guard let file = fopen("/proc/self/status", "r") else { throw Unreadable() }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                .split { $0 == " " || $0 == "\t" }
            if words.first == "VmRSS:", words.count > 1, let number = Int(words[1]) { return number }
        }
        throw Unreadable()
    }

    private static var ofSelf: rusage {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
