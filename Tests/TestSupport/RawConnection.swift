import Foundation

/// A TCP connection to 127.0.0.1 without any protocol: for requests that no HTTP client sends.
public final class RawConnection: Sendable {
    private let descriptor: Int32
    private let received = Locked((bytes: [UInt8](), isAtEnd: false, wasReset: false))

    /// Connects.
    public init(port: Int) throws {
        guard let descriptor = Socket.connect(port: port) else { throw TestError("nobody listens on port \(port)") }
        Socket.makeImmediate(descriptor)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends a text at once; false when the other side has closed.
    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// The same with bytes.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Waits until what came satisfies `condition`, and gives it.
    public func receive(
        timeout: Duration = .seconds(30), until condition: (String) -> Bool
    ) async throws -> String {
        let isDone = try await poll(timeout: timeout) {
            takeIn()
            return condition(text) || isAtEnd
        }
        guard isDone else { throw TestError("still waiting after \(timeout), with \(text)") }
        return text
    }

    /// Waits until the other side has closed, and gives all that came.
    public func receiveToEnd(timeout: Duration = .seconds(30)) async throws -> String {
        try await receive(timeout: timeout) { _ in isAtEnd }
    }

    /// Whether the other side has closed, as far as was received.
    public var isAtEnd: Bool { received.withLock { $0.isAtEnd } }

    /// Whether the other side has ended the connection by a reset (TCP RST), as far as was received.
    public var wasReset: Bool { received.withLock { $0.wasReset } }

    private var text: String { String(decoding: received.withLock { $0.bytes }, as: UTF8.self) }

    private func takeIn() {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count > 0 {
                received.withLock { $0.bytes += piece[..<count] }
            } else {
                let error = count < 0 ? errno : 0
                return received.withLock {
                    $0.isAtEnd = error != EAGAIN && error != EINTR
                    $0.wasReset = $0.wasReset || error == ECONNRESET
                }
            }
        }
    }
}
