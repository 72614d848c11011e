/// How the characters of a picture are chosen, placed and bent: the part that makes a picture hard to read
/// for a program.
///
/// A design is a pure function of its input and of the random numbers that it draws. It does no input or
/// output and keeps nothing between two pictures, so one value serves any number of tasks at once.
public protocol CaptchaDesign: Sendable {
    /// The fonts that the design draws with; at least one. They are read once, when the renderer is made.
    var fonts: [FontFile] { get }

    /// Lays out one picture.
    ///
    /// - Parameters:
    ///   - characters: For each character of the text, from left to right, its outline in each of `fonts`,
    ///     in the same order. An outline is one high and centred on the origin.
    ///   - generator: The source of every choice.
    /// - Returns: What is to be drawn, in pixels.
    func drawing(
        of characters: [[Outline]], using generator: inout some RandomNumberGenerator
    ) -> CaptchaDrawing
}

/// What a design wants drawn: the canvas, and outlines drawn with a round pen.
public struct CaptchaDrawing: Sendable, Equatable {
    /// The width of the canvas in pixels.
    public var width: Int

    /// The height of the canvas in pixels.
    public var height: Int

    /// The closed polygons to draw, in pixels from the lower left corner. What lies outside the canvas is cut off.
    public var outlines: [Outline]

    /// The width of the pen in pixels.
    public var penWidth: Double

    /// Describes a drawing.
    public init(width: Int, height: Int, outlines: [Outline], penWidth: Double) {
        self.width = width
        self.height = height
        self.outlines = outlines
        self.penWidth = penWidth
    }
}
