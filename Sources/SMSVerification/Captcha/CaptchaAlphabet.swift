internal import TaskQueue

/// The characters that pictures show.
public struct CaptchaAlphabet: Sendable, Hashable {
    /// Letters and digits that people do not mix up when they are bent.
    public static let standard = CaptchaAlphabet(checked: Array("ACDEHKMNPRSTUWX2369"))
    /// How many characters the tutorial's pictures show: its frontends expect four.
    public static let tutorialLength = 4
    /// With fewer, texts can be guessed.
    private static let fewest = 10

    /// The characters.
    public let characters: [Character]

    /// Takes different characters of `A`–`Z` and `0`–`9`, ten at least; nil for everything else.
    public init?(_ text: some StringProtocol) {
        let characters = Array(text)
        guard Set(characters).count == characters.count, characters.count >= Self.fewest,
            characters.allSatisfy({ ("A"..."Z").contains($0) || ("0"..."9").contains($0) })
        else { return nil }
        self.init(checked: characters)
    }

    private init(checked characters: [Character]) {
        self.characters = characters
    }

    /// A new text from the system's generator.
    public func text(length: Int) -> String {
        var generator = PooledRandomNumbers()
        return String((0..<length).map { _ in characters[Int.random(in: characters.indices, using: &generator)] })
    }
}
