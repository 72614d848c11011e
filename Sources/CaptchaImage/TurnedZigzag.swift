/// Characters drawn as bare outlines, each in a font of its own and turned, set alternately above and below
/// a waving middle so that neighbours share columns and often touch.
///
/// Reading it takes no rule but "from left to right, up and down". What hinders stock optical character
/// recognition is that no vertical cut separates two characters and no straight line of text runs through
/// them; the more characters, the more so.
public struct TurnedZigzag: CaptchaDesign {
    /// The fonts, one chosen at random for each character.
    public let fonts: [FontFile]

    /// Makes the design. Bold faces with different skeletons serve best.
    public init(fonts: [FontFile] = FontFile.boldFaces) {
        self.fonts = fonts
    }

    /// Lays out one picture of 250 x 120 pixels.
    public func drawing(
        of characters: [[Outline]], using generator: inout some RandomNumberGenerator
    ) -> CaptchaDrawing {
        let line = zigzag(characters, using: &generator)
        let warp = Warp(using: &generator)
        return Canvas().drawing(of: line.map { $0.map(warp.callAsFunction) }, using: &generator)
    }

    /// Sets the characters side by side, one up and one down, each overlapping the columns of the one before.
    private func zigzag(
        _ characters: [[Outline]], using generator: inout some RandomNumberGenerator
    ) -> [Outline] {
        let lift = Double.random(in: 0.35...0.43, using: &generator)
        var side = Bool.random(using: &generator) ? 1.0 : -1.0
        var edge = 0.0
        var line: [Outline] = []
        for faces in characters {
            guard let face = faces.randomElement(using: &generator) else { continue }
            let turned = face.map(Turn(of: face.bounds, angle: 30, using: &generator).callAsFunction)
            let box = turned.bounds
            let left = line.isEmpty ? 0 : edge - .random(in: 0.34...0.46, using: &generator)
            let middle = side * (lift + .random(in: -0.05...0.05, using: &generator))
            let shift = Point(left - box.lower.x, middle - box.centre.y)
            line.append(turned.map { $0 + shift })
            edge = left + box.size.x
            side = -side
        }
        return line
    }
}
