/// An answer to a picture, in the one form in which it is compared: upper case, and what people take for a character of
/// the alphabet is that character.
///
/// The characters that people mix up are not in ``CaptchaText/alphabet``; the table says which one was meant.
struct CaptchaAnswer: Sendable, Hashable, SecretValue {
    private static let meant: [Character: Character] = [
        "0": "D", "O": "D", "Q": "D", "5": "S", "Z": "2", "F": "E", "4": "A", "V": "U", "Y": "X",
    ]
    /// Longer than any text; what is longer is no answer.
    private static let longest = 16

    let folded: String

    var description: String { String(repeating: "*", count: folded.count) }

    init(_ text: String) {
        let characters = text.filter { !$0.isWhitespace }.prefix(Self.longest + 1).uppercased()
        folded = characters.count > Self.longest ? "" : String(characters.map { Self.meant[$0] ?? $0 })
    }
}
