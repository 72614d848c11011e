internal import Synchronization

/// Captchas drawn ahead of demand, so that many requests at once do not wait for each other's drawing.
///
/// Whoever wants a picture takes one with ``next()``, which never waits: if none is ready, it is drawn when its file is
/// asked for. One task of the program stays in ``run()``, which fills the stock, and fills it again at a low rate, so that it leaves the
/// processors to the requests. Each picture is shown once; texts are kept in memory alone.
public final class PictureStock: Sendable {
    /// How many pictures are kept ready.
    public let capacity: Int

    private let pause: Duration
    private let makeText: @Sendable () -> String
    private let draw: @Sendable (_ text: String) throws -> [UInt8]
    private let state = Mutex(State())

    private struct State {
        var ready: [CaptchaPicture] = []
        /// Tells the task in `run` that a picture was taken.
        var taken: AsyncStream<Void>.Continuation?
    }

    /// Makes an empty stock.
    ///
    /// - Parameters:
    ///   - capacity: How many pictures to keep ready. One takes about four kilobytes.
    ///   - pause: The time between two pictures drawn ahead. A picture takes a processor for one or two milliseconds.
    ///   - makeText: Chooses the text of a picture: its characters and its length.
    ///   - draw: Draws a text as a PNG file, such as `CaptchaRenderer.png(of:)`.
    public init(
        capacity: Int = 256, pause: Duration = .milliseconds(20), makeText: @escaping @Sendable () -> String,
        draw: @escaping @Sendable (_ text: String) throws -> [UInt8]
    ) {
        self.capacity = capacity
        self.pause = pause
        self.makeText = makeText
        self.draw = draw
    }

    /// How many pictures are ready.
    public var count: Int { state.withLock { $0.ready.count } }

    /// A picture that nobody has got before: one that is ready, or else one that is still to be drawn.
    public func next() -> CaptchaPicture {
        let (picture, taken) = state.withLock { ($0.ready.popLast(), $0.taken) }
        guard let picture else { return CaptchaPicture(of: makeText(), draw: draw) }
        taken?.yield()
        return picture
    }

    /// Takes a picture back that was shown to nobody, if it is drawn.
    public func takeBack(_ picture: CaptchaPicture) {
        guard picture.isDrawn else { return }
        state.withLock { if $0.ready.count < capacity { $0.ready.append(picture) } }
    }

    /// Keeps the stock full until the task is cancelled. One task at a time.
    ///
    /// A text that cannot be drawn is left out: the request that finds the stock empty is told the reason.
    @concurrent public func run() async {
        // One signal in wait is enough: the stock is filled up for each.
        let (takes, taken) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.taken = taken }
        taken.yield()
        for await _ in takes {
            while count < capacity, !Task.isCancelled {
                if let picture = try? drawn() { state.withLock { $0.ready.append(picture) } }
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func drawn() throws -> CaptchaPicture {
        var picture = CaptchaPicture(of: makeText(), draw: draw)
        try picture.drawNow()
        return picture
    }
}
