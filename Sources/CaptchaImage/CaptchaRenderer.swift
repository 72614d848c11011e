/// Draws the picture that a person has to read: FreeType's outlines, bent by a design, as a PNG.
///
/// The fonts are read once, when the renderer is made. After that it holds nothing but immutable values, and
/// each picture is drawn with library handles of its own, so one renderer serves any number of tasks at once.
///
/// FreeType was chosen over Cairo: the same picture in the same time, with 3 Debian packages (2.1 MB) at run
/// time where Cairo needs 19 (13.4 MB), X11 among them.
public struct CaptchaRenderer: Sendable {
    /// The longest text that fits the canvas.
    public static let longestText = 8

    private static let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

    private let design: any CaptchaDesign
    private let outlines: [Character: [Outline]]

    /// Reads the fonts of a design.
    ///
    /// - Parameters:
    ///   - design: How the characters are chosen, placed and bent.
    ///   - fontRoots: The folders under which fonts are looked for.
    /// - Throws: `CaptchaImageError` with the code `fontMissing`, and the name of the Debian package to install; or
    ///   `fontUnreadable`.
    public init(
        design: any CaptchaDesign = TurnedZigzag(), fontRoots: [String] = FontFile.standardRoots
    ) throws(CaptchaImageError) {
        guard !design.fonts.isEmpty else {
            throw CaptchaImageError(.fontMissing, "a captcha design needs at least one font")
        }
        var outlines: [Character: [Outline]] = [:]
        for file in design.fonts {
            let font = try Font(file, roots: fontRoots)
            for character in Self.alphabet {
                outlines[character, default: []].append(try font.outline(of: character))
            }
        }
        self.design = design
        self.outlines = outlines
    }

    /// Draws a text, every time in another way.
    ///
    /// - Parameter text: One to eight characters of `A`–`Z` and `0`–`9`.
    /// - Returns: The file, `image/png`.
    /// - Throws: `CaptchaImageError` with the code `unsupportedText` or `drawingFailed`.
    public func png(of text: String) throws(CaptchaImageError) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return try png(of: text, using: &generator)
    }

    /// Draws a text with chosen random numbers: the same numbers give the same file.
    ///
    /// - Parameters:
    ///   - text: One to eight characters of `A`–`Z` and `0`–`9`.
    ///   - generator: The source of every choice. Whoever can predict it can compute the picture.
    /// - Returns: The file, `image/png`.
    /// - Throws: `CaptchaImageError` with the code `unsupportedText` or `drawingFailed`.
    public func png(
        of text: String, using generator: inout some RandomNumberGenerator
    ) throws(CaptchaImageError) -> [UInt8] {
        let drawing = design.drawing(of: try characters(of: text), using: &generator)
        guard 1...4096 ~= drawing.width, 1...4096 ~= drawing.height else {
            throw CaptchaImageError(
                .drawingFailed, "a canvas of \(drawing.width) x \(drawing.height) px cannot be drawn: use 1 to 4096 px")
        }
        var pen = try Pen(width: drawing.penWidth)
        for outline in drawing.outlines {
            try pen.draw(outline)
        }
        let coverage = try pen.coverage(width: drawing.width, height: drawing.height)
        return try PNG.encode(coverage: coverage, width: drawing.width, height: drawing.height)
    }

    private func characters(of text: String) throws(CaptchaImageError) -> [[Outline]] {
        guard 1...Self.longestText ~= text.count else {
            throw CaptchaImageError(
                .unsupportedText, "a text of \(text.count) characters cannot be drawn: use 1 to \(Self.longestText)")
        }
        var characters: [[Outline]] = []
        for character in text {
            guard let faces = outlines[character] else {
                throw CaptchaImageError(.unsupportedText, "'\(character)' cannot be drawn: use A-Z and 0-9")
            }
            characters.append(faces)
        }
        return characters
    }
}
