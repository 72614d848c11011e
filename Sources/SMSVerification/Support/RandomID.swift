/// Names that nobody can guess.
enum RandomID {
    /// 128 bits of the system's generator in base64url: 22 characters.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
