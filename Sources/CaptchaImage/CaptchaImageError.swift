/// Why a picture could not be drawn, or why drawing could not be made ready.
///
/// The message never holds the whole text of a picture: that is the answer.
public struct CaptchaImageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Sendable, Equatable {
        /// There is no design of that name. The message tells the known names.
        case unknownDesign
        /// The list of fonts is empty, or a font file is not installed. The message names the Debian package that
        /// holds it, where there is one.
        case fontMissing
        /// A font file is there but FreeType cannot read it, or it lacks a character.
        case fontUnreadable
        /// The text is empty, too long, or holds a character outside `A`–`Z` and `0`–`9`.
        case unsupportedText
        /// The design asked for something that cannot be drawn, or the graphics library gave up.
        case drawingFailed
    }

    /// The kind of failure.
    public var code: Code

    /// One line that names the input and the remedy.
    public var message: String

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
