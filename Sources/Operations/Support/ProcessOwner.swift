#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// On whose behalf this process runs, and where.
package enum ProcessOwner {
    /// No login is known: the value that the kernel has for processes that nobody has started by hand.
    private static let noLogin = UInt32.max

    /// The machine's name.
    package static var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let text = buffer.baseAddress, gethostname(text, buffer.count - 1) == 0 else { return "localhost" }
            return String(cString: text)
        }
    }

    /// The person and the machine, `ada@web1`; after `su` or `sudo` also who that is, `ada as root@web1`.
    ///
    /// Who has logged in is what the kernel has noted, which only root can change; where it has noted nothing, as in
    /// containers, `sudo` is believed, when this is root.
    package static var name: String {
        let user = geteuid()
        let own = userName(user)
        let login = (try? textOfFile("/proc/self/loginuid")).flatMap { UInt32($0) }
        let person: String? =
            if let login, login != noLogin {
                login == user ? nil : userName(login)
            } else {
                user == 0 ? getenv("SUDO_USER").map { String(cString: $0) } : nil
            }
        guard let person, person != own else { return "\(own)@\(host)" }
        return "\(person) as \(own)@\(host)"
    }

    private static func userName(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let texts = buffer.baseAddress, getpwuid_r(id, &entry, texts, buffer.count, &found) == 0,
                found != nil, let name = entry.pw_name
            else { return "user \(id)" }
            return String(cString: name)
        }
    }
}
