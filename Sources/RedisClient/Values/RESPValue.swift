/// A reply of the Redis server, as the serialization protocol (RESP) names its kinds.
///
/// Servers answer with the kinds from ``map(_:)`` on only to a connection that asked for the third version of the
/// protocol, see ``RedisConfiguration/protocolVersion``.
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
    /// RESP3: keys with their values, in the order of the wire.
    case map([RESPPair])
    /// RESP3: elements without an order.
    case set([RESPValue])
    /// RESP3: a floating-point number.
    case double(Double)
    /// RESP3: true or false.
    case boolean(Bool)
    /// RESP3: an integer of any size, in decimal digits.
    case bigNumber(String)
    /// RESP3: text for people; the format is `txt` or `mkd`.
    case verbatim(format: String, text: String)
    /// RESP3: what the server sends without being asked, such as a published message.
    case push([RESPValue])

    /// What kind it is, in words for error messages. Never the content, which may be confidential.
    public var kind: String {
        switch self {
        case .bytes: "a string"
        case .status: "a status"
        case .error: "an error"
        case .integer: "an integer"
        case .array: "an array"
        case .null: "null"
        case .map: "a map"
        case .set: "a set"
        case .double: "a double"
        case .boolean: "a boolean"
        case .bigNumber: "a big number"
        case .verbatim: "a verbatim string"
        case .push: "a push message"
        }
    }
}

/// A key of a map, with its value.
public struct RESPPair: Sendable, Hashable {
    /// The key: most often a string.
    public var key: RESPValue
    /// The value.
    public var value: RESPValue

    /// Makes a pair.
    public init(key: RESPValue, value: RESPValue) {
        self.key = key
        self.value = value
    }
}
