/// The designs that there are, under the names by which a configuration chooses one.
public enum CaptchaDesignName: String, Sendable, CaseIterable {
    /// ``TurnedZigzag``
    case zigzag
    /// ``SlantedRows``
    case rows

    /// Reads a name.
    ///
    /// - Throws: `CaptchaImageError` with the code `unknownDesign`; the message tells the known names.
    public init(named name: String) throws(CaptchaImageError) {
        guard let known = Self(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw CaptchaImageError(.unknownDesign, "there is no captcha design '\(name)'; known are: \(names)")
        }
        self = known
    }

    /// How many characters the design should show: with fewer, programs read it more often; with more, people do not
    /// like to.
    public var lengths: ClosedRange<Int> {
        switch self {
        case .zigzag: 6...6
        case .rows: 5...7
        }
    }

    /// The design, drawn with these fonts.
    public func design(fonts: [FontFile] = FontFile.boldFaces) -> any CaptchaDesign {
        switch self {
        case .zigzag: TurnedZigzag(fonts: fonts)
        case .rows: SlantedRows(fonts: fonts)
        }
    }
}
