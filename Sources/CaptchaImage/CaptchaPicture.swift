/// A picture and the text that a person has to read in it. Printing it does not tell the text.
public struct CaptchaPicture: Sendable, CustomStringConvertible, CustomReflectable {
    /// The answer.
    public let text: String

    private let draw: @Sendable (_ text: String) throws -> [UInt8]
    private var file: [UInt8]?

    /// A picture that is still to be drawn.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - draw: Draws a text as a PNG file, such as `CaptchaRenderer.png(of:)`.
    public init(of text: String, draw: @escaping @Sendable (_ text: String) throws -> [UInt8]) {
        self.text = text
        self.draw = draw
    }

    /// Nothing is left to be done for it.
    var isDrawn: Bool { file != nil }

    /// Draws it here and now.
    mutating func drawNow() throws {
        file = try draw(text)
    }

    /// The file, `image/png`: the one that is ready, or else drawn now, on no thread that others wait for.
    ///
    /// - Throws: What `draw` throws.
    public func png() async throws -> [UInt8] {
        if let file { return file }
        // Drawing is milliseconds of computing: the caller's own thread may be the one that all requests depend on.
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try draw(text) }
    }

    /// The length of the file alone.
    public var description: String {
        file.map { "a captcha of \($0.count) bytes" } ?? "a captcha that is not drawn yet"
    }

    /// Nothing: the text is the answer.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
