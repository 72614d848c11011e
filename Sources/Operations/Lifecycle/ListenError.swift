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
///   - address: Where it listens.
///   - run: Runs the server.
func withListenErrors(at address: ListenAddress, _ run: () async throws -> Void) async throws {
    let place = "\(address.host):\(address.port)"
    let (host, port) = (address.hostSetting.names, address.portSetting.names)
    do {
        try await run()
    } catch let error as IOError {
        switch error.errnoCode {
        case EADDRINUSE:
            throw ListenError("\(place): address already in use; stop its user or choose a port with \(port)")
        case EACCES:
            throw ListenError("\(place): permission denied; choose a port above 1023 with \(port)")
        case EADDRNOTAVAIL:
            throw ListenError("\(place): not an address of this machine; choose another with \(host)")
        default: throw error
        }
    } catch is SocketAddressError.UnknownHost {
        throw ListenError("\(place): unknown host; choose another with \(host)")
    }
}

extension SettingDescription {
    /// The flag and the variable.
    fileprivate var names: String {
        [flag, variable].compactMap { $0 }.joined(separator: " or ")
    }
}
