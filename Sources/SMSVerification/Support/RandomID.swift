/// Names that nobody can guess.
enum RandomID {
    /// 128 bits of the system's generator in base64url: 22 characters.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let words = [generator.next() as UInt64, generator.next()]
        return words.withUnsafeBytes { Base64URL.encode($0) }
    }
}
