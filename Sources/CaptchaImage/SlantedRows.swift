/// Characters drawn as bare outlines, each in a font of its own, in two uneven rows that touch, rise or fall on
/// one wave, and begin at different columns.
///
/// People read the upper row, then the lower one, and the text beside the picture should say so. What hinders stock
/// optical character recognition is that it takes a picture for one line of text.
public struct SlantedRows: CaptchaDesign {
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
        let half = (characters.count + .random(in: 0...1, using: &generator)) / 2
        let upper = row(characters.prefix(half), using: &generator)
        let lower = row(characters.dropFirst(half), using: &generator)
        let offset = Point(.random(in: -0.5...0.5, using: &generator), .random(in: 0.82...0.92, using: &generator))
        let steepness = Double.random(in: 0.02...0.14, using: &generator)
        let slope = Bool.random(using: &generator) ? steepness : -steepness
        let warp = Warp(using: &generator)
        let text = upper.map { $0.map { $0 + offset } } + lower
        return Canvas().drawing(
            of: text.map { $0.map { warp(Point($0.x, $0.y + slope * $0.x)) } }, using: &generator)
    }

    /// Sets characters of different sizes side by side, each a little higher or lower than the one before; the middle
    /// of the row is the origin.
    private func row(
        _ characters: some Sequence<[Outline]>, using generator: inout some RandomNumberGenerator
    ) -> [Outline] {
        var edge = 0.0
        var row: [Outline] = []
        for faces in characters {
            guard let face = faces.randomElement(using: &generator) else { continue }
            let stretch = Point(1.2, 1) * Double.random(in: 0.85...1.1, using: &generator)
            let turn = Turn(of: face.bounds, angle: 14, using: &generator)
            let turned = face.map { turn($0) * stretch }
            let box = turned.bounds
            let left = row.isEmpty ? 0 : edge - .random(in: 0.02...0.12, using: &generator)
            let middle = Double.random(in: -0.1...0.1, using: &generator)
            let shift = Point(left - box.lower.x, middle - box.centre.y)
            row.append(turned.map { $0 + shift })
            edge = left + box.size.x
        }
        return row.map { $0.map { $0 - Point(edge / 2, 0) } }
    }
}
