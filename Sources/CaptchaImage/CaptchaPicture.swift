/// A picture and the text that a person has to read in it. Printing it does not tell the text.
public struct CaptchaPicture: Sendable, CustomStringConvertible, CustomReflectable {
    /// The answer.
    public var text: String

    /// The file, `image/png`.
    public var png: [UInt8]

    /// Puts a picture beside its text.
    public init(text: String, png: [UInt8]) {
        self.text = text
        self.png = png
    }

    /// The length of the file alone.
    public var description: String { "a captcha of \(png.count) bytes" }

    /// Nothing: the text is the answer.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
