/// An answer to a picture, in the one form in which it is compared: upper case, and what people take for a character of
/// the alphabet is that character.
struct CaptchaAnswer: Sendable, Hashable, SecretValue {
    /// What people write for a character that they mix up with it.
    private static let meant: [Character: Character] = [
        "0": "D", "O": "D", "Q": "D", "5": "S", "Z": "2", "F": "E", "4": "A", "V": "U", "Y": "X",
    ]
    /// Longer than any text; what is longer is no answer.
    private static let longest = 16

    let folded: String

    var description: String { String(repeating: "*", count: folded.count) }

    init(_ text: String, _ alphabet: CaptchaAlphabet) {
        let characters = text.filter { !$0.isWhitespace }.prefix(Self.longest + 1).uppercased()
        guard characters.count <= Self.longest else {
            folded = ""
            return
        }
        folded = String(
            characters.map { character in
                guard !alphabet.characters.contains(character), let meant = Self.meant[character] else {
                    return character
                }
                return alphabet.characters.contains(meant) ? meant : character
            })
    }
}
