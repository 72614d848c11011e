/// A reply of the Redis server, as the serialization protocol (RESP) names its kinds.
///
/// Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/>
public enum RESPValue: Sendable, Hashable {
    /// A bulk string: any bytes, not necessarily text.
    case bytes([UInt8])
    /// A simple string, such as `OK`.
    case status(String)
    /// An error that stands inside an array (a failed command as a whole throws ``RedisError`` instead).
    case error(String)
    /// A 64-bit signed integer.
    case integer(Int)
    /// An array; elements may be of different kinds.
    case array([RESPValue])
    /// The null bulk string or null array: "there is none".
    case null

    /// What kind it is, in words for error messages. Never the content, which may be confidential.
    public var kind: String {
        switch self {
        case .bytes: "a string"
        case .status: "a status"
        case .error: "an error"
        case .integer: "an integer"
        case .array: "an array"
        case .null: "null"
        }
    }
}
