import NIOCore
import SMSVerification

/// What a proxy says of a connection before anything else is sent on it: the PROXY protocol, version 1 or 2.
///
/// Source: <https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt>
enum ProxyHeader: Equatable {
    /// More has to come.
    case incomplete
    /// This is no such header.
    case invalid
    /// For whom it connects; nil: for itself, as when it looks whether the service is there.
    case client(ClientAddress?)

    private static let longestLine = 107
    /// Addresses take at most 216 bytes; what else proxies add is not looked at.
    private static let mostBytes = 4096
    private static let beginning = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT".utf8) + [10]

    /// Takes the header off the front of what was received.
    static func take(from buffer: inout ByteBuffer) -> ProxyHeader {
        let bytes = buffer.readableBytesView
        for (start, read) in [(beginning, line), (signature, binary)] {
            guard bytes.starts(with: start.prefix(bytes.count)) else { continue }
            return bytes.count < start.count ? .incomplete : read(&buffer)
        }
        return .invalid
    }

    /// Version 1: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443` and the end of the line.
    private static func line(_ buffer: inout ByteBuffer) -> ProxyHeader {
        let bytes = buffer.readableBytesView.prefix(longestLine)
        guard let end = bytes.firstIndex(of: 10) else { return bytes.count < longestLine ? .incomplete : .invalid }
        let line = bytes[..<end]
        guard line.last == 13 else { return .invalid }
        let words = String(decoding: line.dropLast(), as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false)
        buffer.moveReaderIndex(forwardBy: line.count + 1)
        if words[1] == "UNKNOWN" { return .client(nil) }
        guard words.count == 6, ["TCP4", "TCP6"].contains(words[1]),
            words[2].contains(":") == (words[1] == "TCP6"), !words[2].contains("%"),
            let client = ClientAddress(words[2])
        else { return .invalid }
        return .client(client)
    }

    /// Version 2: the signature, version and command, family, the length of what follows, and that.
    private static func binary(_ buffer: inout ByteBuffer) -> ProxyHeader {
        let start = buffer.readerIndex + signature.count
        guard let command = buffer.getInteger(at: start, as: UInt8.self),
            let family = buffer.getInteger(at: start + 1, as: UInt8.self),
            let length = buffer.getInteger(at: start + 2, as: UInt16.self).map({ Int($0) })
        else { return .incomplete }
        guard command == 0x20 || command == 0x21, length <= mostBytes else { return .invalid }
        guard buffer.readableBytes >= signature.count + 4 + length else { return .incomplete }
        let body = buffer.getBytes(at: start + 4, length: length) ?? []
        buffer.moveReaderIndex(forwardBy: signature.count + 4 + length)
        guard command == 0x21 else { return .client(nil) }
        switch family {
        case 0x11: return body.count >= 12 ? .client(ClientAddress(networkBytes: body.prefix(4))) : .invalid
        case 0x21: return body.count >= 36 ? .client(ClientAddress(networkBytes: body.prefix(16))) : .invalid
        default: return .client(nil)
        }
    }
}
