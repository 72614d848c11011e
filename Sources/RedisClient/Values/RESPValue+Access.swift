/// Typed access: each throws ``RedisError/Code/unexpectedReply`` that names what came instead.
extension RESPValue {
    /// The bytes of a string or status.
    public var bytes: [UInt8] {
        get throws(RedisError) {
            switch self {
            case .bytes(let bytes): return bytes
            case .status(let text): return Array(text.utf8)
            default: throw unexpected("a string")
            }
        }
    }

    /// The text of a string or status; bytes that are not UTF-8 become replacement characters.
    public var text: String {
        get throws(RedisError) {
            switch self {
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            case .status(let text): return text
            default: throw unexpected("a string")
            }
        }
    }

    /// The number of an integer reply, or of a string that spells one.
    public var integer: Int {
        get throws(RedisError) {
            if case .integer(let value) = self { return value }
            if case .bytes(let bytes) = self, let value = Int(String(decoding: bytes, as: UTF8.self)) { return value }
            throw unexpected("an integer")
        }
    }

    /// The elements of an array; null is an empty one.
    public var array: [RESPValue] {
        get throws(RedisError) {
            switch self {
            case .array(let elements): return elements
            case .null: return []
            default: throw unexpected("an array")
            }
        }
    }

    /// Itself, or nil for null: `try reply.optional?.text`.
    public var optional: RESPValue? {
        self == .null ? nil : self
    }

    private func unexpected(_ wanted: String) -> RedisError {
        if case .error(let text) = self { return RedisError(serverError: text) }
        return RedisError(.unexpectedReply, "expected \(wanted) from Redis, got \(kind)")
    }
}
