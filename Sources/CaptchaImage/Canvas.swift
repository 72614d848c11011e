/// The paper that the designs share, and what brings a laid out text onto it.
struct Canvas {
    /// The size in pixels. Pages should show it at 1.25 times this size or more.
    private let size = Point(250, 120)

    /// The paper that stays free on each side, in pixels.
    private let margin = 8.0

    /// The height of an upright character in pixels, at most. Layout is in units of this height.
    private let characterHeight = 50.0

    /// Scales the text to pixels and puts it somewhere on the paper, wholly inside the margin.
    func drawing(of text: [Outline], using generator: inout some RandomNumberGenerator) -> CaptchaDrawing {
        let box = Outline(contours: text.flatMap(\.contours)).bounds
        let room = size - 2 * margin
        let widest = room / pointwiseMax(box.size, Point(repeating: .leastNormalMagnitude))
        let scale = min(characterHeight, widest.min())
        let slack = pointwiseMax(room - box.size * scale, .zero)
        let origin = Point(
            margin + .random(in: 0...slack.x, using: &generator),
            margin + .random(in: 0...slack.y, using: &generator))
        return CaptchaDrawing(
            width: Int(size.x), height: Int(size.y),
            outlines: text.map { $0.map { ($0 - box.lower) * scale + origin } },
            penWidth: .random(in: 1.8...2.4, using: &generator))
    }
}
