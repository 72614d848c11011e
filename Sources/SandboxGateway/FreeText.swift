/// What the sandbox reads out of a text that no template gave a form.
enum FreeText {
    /// The first run of 4 to 6 digits, or nil if there is none. Longer and shorter runs are no codes.
    static func code(in text: String) -> String? {
        text.split { !($0.isASCII && $0.isNumber) }.first { (4...6).contains($0.count) }.map(String.init)
    }
}
