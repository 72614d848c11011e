/// Typed access: each throws ``RedisError/Code/unexpectedReply`` that names what came instead, or the server's error.
///
/// They read both versions of the protocol: where RESP3 has a kind of its own, the form of RESP2 is understood too.
extension RESPValue {
    /// The bytes of a string or status.
    public var bytes: [UInt8] {
        get throws(RedisError) {
            switch self {
            case .bytes(let bytes): return bytes
            case .status(let text), .bigNumber(let text), .verbatim(_, let text): return Array(text.utf8)
            default: throw unexpected("a string")
            }
        }
    }

    /// The text of a string or status; bytes that are not UTF-8 become replacement characters.
    public var text: String {
        get throws(RedisError) {
            switch self {
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            case .status(let text), .bigNumber(let text), .verbatim(_, let text): return text
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

    /// The number of a double or integer reply, or of a string that spells one, such as a score.
    public var double: Double {
        get throws(RedisError) {
            switch self {
            case .double(let value): return value
            case .integer(let value): return Double(value)
            case .bytes(let bytes):
                if let value = Double(String(decoding: bytes, as: UTF8.self)) { return value }
            default: break
            }
            throw unexpected("a double")
        }
    }

    /// True or false; of an integer: whether it is 1.
    public var boolean: Bool {
        get throws(RedisError) {
            switch self {
            case .boolean(let value): return value
            case .integer(0): return false
            case .integer(1): return true
            default: throw unexpected("a boolean")
            }
        }
    }

    /// The elements of an array, set or push message; null is an empty one.
    public var array: [RESPValue] {
        get throws(RedisError) {
            switch self {
            case .array(let elements), .set(let elements), .push(let elements): return elements
            case .null: return []
            default: throw unexpected("an array")
            }
        }
    }

    /// The pairs of a map, or of an array of keys and values in turn; null is an empty one.
    public var map: [RESPPair] {
        get throws(RedisError) {
            switch self {
            case .map(let pairs): return pairs
            case .null: return []
            case .array(let elements) where elements.count.isMultiple(of: 2): return Self.pairs(elements)
            default: throw unexpected("a map")
            }
        }
    }

    /// Itself, or nil for null: `try reply.optional?.text`.
    public var optional: RESPValue? {
        self == .null ? nil : self
    }

    static func pairs(_ elements: [RESPValue]) -> [RESPPair] {
        stride(from: 0, to: elements.count - 1, by: 2).map { RESPPair(key: elements[$0], value: elements[$0 + 1]) }
    }

    private func unexpected(_ wanted: String) -> RedisError {
        if case .error(let text) = self { return RedisError(serverError: text) }
        return RedisError(
            .unexpectedReply, "expected \(wanted) from Redis, got \(kind)", mayHaveBeenExecuted: true)
    }
}
