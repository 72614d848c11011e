internal import Operations
internal import UnixSignals

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The whole terminal, taken for a while: on its second screen, so that what was there before comes back.
///
/// Source: <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>
final class TerminalScreen {
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"
    private var before: termios?
    private var isTaken = true

    init() {
        // What is typed must not be written into the picture.
        var settings = termios()
        if tcgetattr(STDIN_FILENO, &settings) == 0 {
            before = settings
            settings.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        }
        // Put into the background it would leave its picture behind.
        signal(SIGTSTP, SIG_IGN)
        Self.write(Self.enter)
    }

    /// Shows a text from the top, as much of it as there is room for.
    func show(_ text: String) {
        let (rows, columns) = Self.size
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(rows)
        let picture = lines.map { "\($0.prefix(columns))\u{1B}[K" }.joined(separator: "\r\n")
        Self.write("\u{1B}[H\(picture)\u{1B}[J")
    }

    /// How many characters fit into a line.
    var columns: Int { Self.size.columns }

    /// Gives the terminal back as it was.
    func leave() {
        guard isTaken else { return }
        isTaken = false
        Self.write(Self.leave)
        if var before { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        signal(SIGTSTP, SIG_DFL)
    }

    private static var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
            return (24, 80)
        }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    private static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}

/// What a live picture has to react to.
enum TerminalEvents {
    enum Event: Sendable {
        /// It is time to look again.
        case tick
        /// The terminal has another size.
        case resized
    }

    /// Ticks until the program is told to end, by Ctrl-C or otherwise.
    ///
    /// When it returns, such a signal ends the program no more, but the stream.
    static func every(_ interval: Duration) async -> AsyncStream<Event> {
        let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm, .sighup, .sigwinch])
        let (stream, events) = latest()
        let ticking = Task {
            while !Task.isCancelled {
                add(.tick, to: events)
                try? await Task.sleep(for: interval)
            }
        }
        let listening = Task {
            for await signal in signals {
                guard signal == .sigwinch else { break }
                add(.resized, to: events)
            }
            events.finish()
        }
        events.onTermination = { _ in
            ticking.cancel()
            listening.cancel()
        }
        return stream
    }

    /// Of what comes while nobody takes anything, one event is kept: while Redis hangs nothing piles up.
    static func latest() -> (stream: AsyncStream<Event>, continuation: AsyncStream<Event>.Continuation) {
        AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// After each event all is drawn anew, in the size of that moment: a tick also stands for a resize, not the other way.
    static func add(_ event: Event, to events: AsyncStream<Event>.Continuation) {
        if case .dropped(.tick) = events.yield(event), event != .tick { events.yield(.tick) }
    }
}
