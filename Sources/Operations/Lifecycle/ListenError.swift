import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A server cannot listen on the address that it was given; the message names the address and the setting to change.
public struct ListenError: Error, CustomStringConvertible {
    /// What is wrong and what to do about it, on one line.
    public let description: String

    init(_ reason: String) {
        description = reason
    }
}

/// Runs a server, and puts the reason why it cannot listen into words a user can act on.
///
/// - Parameters:
///   - host: the address it listens on.
///   - port: the port it listens on.
///   - setting: the setting that chooses the port.
///   - run: runs the server.
public func withListenErrors(
    host: String, port: Int, setting: SettingDescription, _ run: () async throws -> Void
) async throws {
    do {
        try await run()
    } catch let error as IOError {
        let flag = [setting.flag, setting.variable].compactMap { $0 }.joined(separator: " or ")
        switch error.errnoCode {
        case EADDRINUSE:
            throw ListenError(
                "\(host):\(port): address already in use; stop who uses it, or choose a port with \(flag)")
        case EACCES:
            throw ListenError("\(host):\(port): permission denied; choose a port above 1023 with \(flag)")
        case EADDRNOTAVAIL:
            throw ListenError("\(host):\(port): this machine has no such address; choose another host")
        default: throw error
        }
    } catch let error as SocketAddressError {
        throw ListenError("\(host):\(port): not an address to listen on (\(error)); choose another host")
    }
}
