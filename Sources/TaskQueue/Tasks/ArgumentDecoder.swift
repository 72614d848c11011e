internal import FoundationEssentials

/// Gives a task's arguments their Swift types, straight from the message's JSON: text, numbers and truth values by
/// itself, anything else through Foundation's decoder.
struct ArgumentDecoder: Decoder {
    /// By name; what the message leaves out is nil.
    let values: [(name: String, value: JSONText?)]

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Container(values: values))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NeedsWholeDecoder() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw NeedsWholeDecoder() }

    /// The arguments as one JSON object, for a type that decodes itself in its own way.
    var object: [UInt8] {
        var object = JSONObjectWriter()
        for case (let name, let value?) in values { object.add(name, json: value.bytes) }
        return object.finished()
    }

    /// Thrown when a type asks for more than this decoder does: decode ``object`` instead.
    struct NeedsWholeDecoder: Error {}

    private struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let values: [(name: String, value: JSONText?)]
        let codingPath: [any CodingKey] = []

        var allKeys: [Key] { values.compactMap { $0.value == nil ? nil : Key(stringValue: $0.name) } }

        func contains(_ key: Key) -> Bool { find(key) != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try value(key).kind == .null }

        func decode(_ type: String.Type, forKey key: Key) throws -> String { try convert(key, type) { $0.string } }
        func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try convert(key, type) { $0.boolean } }
        func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(type, key) }
        func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try convert(key, type) { $0.double } }

        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
            if let type = type as? any FixedWidthInteger.Type, let number = try integer(type, key) as? T {
                return number
            }
            let value = try value(key)
            do {
                return try JSONDecoder().decode(type, from: Data(value.bytes))
            } catch let error as DecodingError {
                throw error.below(key)
            }
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> { throw NeedsWholeDecoder() }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            throw NeedsWholeDecoder()
        }
        func superDecoder() throws -> any Decoder { throw NeedsWholeDecoder() }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw NeedsWholeDecoder() }

        private func find(_ key: Key) -> JSONText? {
            let name = key.stringValue
            for (candidate, value) in values where candidate == name { return value }
            return nil
        }

        private func value(_ key: Key) throws -> JSONText {
            guard let value = find(key) else {
                throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "missing"))
            }
            return value
        }

        private func integer<T: FixedWidthInteger>(_ type: T.Type, _ key: Key) throws -> T {
            // Python may write a whole number as 1.0.
            try convert(key, type) { $0.integer(type) ?? $0.double.flatMap { T(exactly: $0) } }
        }

        @inline(__always)
        private func convert<T>(_ key: Key, _ type: T.Type, _ read: (JSONText) -> T?) throws -> T {
            guard let result = read(try value(key)) else {
                throw DecodingError.typeMismatch(type, .init(codingPath: [key], debugDescription: "wrong type"))
            }
            return result
        }
    }
}

extension DecodingError {
    /// The same error, for a value that stands below that key.
    fileprivate func below(_ key: any CodingKey) -> DecodingError {
        func below(_ context: Context) -> Context {
            Context(codingPath: [key] + context.codingPath, debugDescription: context.debugDescription)
        }
        return switch self {
        case .typeMismatch(let type, let context): .typeMismatch(type, below(context))
        case .valueNotFound(let type, let context): .valueNotFound(type, below(context))
        case .keyNotFound(let missing, let context): .keyNotFound(missing, below(context))
        case .dataCorrupted(let context): .dataCorrupted(below(context))
        @unknown default: self
        }
    }
}
