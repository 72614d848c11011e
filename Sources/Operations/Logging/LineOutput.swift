internal import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes lines to a stream whose reader may stop, as a terminal's or a pipe's does: who writes waits for it for a moment
/// at most, and then for each line not at all, until it reads again. Event loops log too, and leases hang on them.
final class LineOutput: Sendable {
    private struct Loss {
        /// Lines that the stream did not take, since it last took one.
        var lines = 0
        /// The last one that it took has no end.
        var isTorn = false
    }

    /// What a pipe that is ready takes without waiting: PIPE_BUF of pipe(7).
    private static let piece = 4096

    private let descriptor: Int32
    private let patience: Duration
    // Between asking whether the stream is ready and writing nobody else may fill it.
    private let loss = Mutex(Loss())

    /// - Parameter patience: how long the first line waits that the stream does not take.
    init(descriptor: Int32, patience: Duration = .milliseconds(200)) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// What is told of lines that were lost.
    static func loss(_ lines: Int) -> String {
        "\(lines) lines of the log are lost: whoever reads it did not keep up"
    }

    /// Writes the line, or drops it; before it, how many were dropped.
    func write(_ line: [UInt8], notice: (Int) -> [UInt8]) {
        loss.withLock { loss in
            if loss.lines > 0 {
                let end: [UInt8] = loss.isTorn ? [UInt8(ascii: "\n")] : []
                guard put(end + notice(loss.lines), within: .zero, &loss) else {
                    loss.lines += 1
                    return
                }
                loss.lines = 0
            }
            if !put(line, within: patience, &loss) { loss.lines += 1 }
        }
    }

    /// False when the stream did not take all of it.
    private func put(_ line: [UInt8], within patience: Duration, _ loss: inout Loss) -> Bool {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                guard isReady(within: patience) else { return false }
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.piece))
                let count = Self.write(piece, to: descriptor)
                if count > 0 {
                    rest = rest.dropFirst(count)
                    loss.isTorn = !rest.isEmpty
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    private func isReady(within patience: Duration) -> Bool {
        var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let end = ContinuousClock.now + patience
        while true {
            let left = max(.zero, ContinuousClock.now.duration(to: end))
            let count = poll(&stream, 1, Int32(left / .milliseconds(1)))
            // What is closed or broken is ready too: writing says so, and does not wait.
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
