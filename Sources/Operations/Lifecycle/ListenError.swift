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
///   - hostSetting: the setting that chooses the address.
///   - portSetting: the setting that chooses the port.
///   - run: runs the server.
public func withListenErrors(
    host: String, port: Int, hostSetting: SettingDescription, portSetting: SettingDescription,
    _ run: () async throws -> Void
) async throws {
    do {
        try await run()
    } catch let error as IOError {
        switch error.errnoCode {
        case EADDRINUSE:
            throw ListenError(
                "\(host):\(port): address already in use; stop its user or choose a port with \(portSetting.names)")
        case EACCES:
            throw ListenError(
                "\(host):\(port): permission denied; choose a port above 1023 with \(portSetting.names)")
        case EADDRNOTAVAIL:
            throw ListenError(
                "\(host):\(port): not an address of this machine; choose another with \(hostSetting.names)")
        default: throw error
        }
    } catch is SocketAddressError.UnknownHost {
        throw ListenError("\(host):\(port): unknown host; choose another with \(hostSetting.names)")
    }
}

extension SettingDescription {
    /// The flag and the variable.
    fileprivate var names: String {
        [flag, variable].compactMap { $0 }.joined(separator: " or ")
    }
}
