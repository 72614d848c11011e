internal import TaskQueue

/// Names that nobody can guess.
enum RandomID {
    /// 128 bits of the system's generator in base64url: 22 characters.
    static func make() -> String {
        let random = PooledRandomNumbers()
        let words = [random.next(), random.next()]
        return words.withUnsafeBytes { Base64URL.encode($0) }
    }
}
