/// Turns a task's arguments into JSON, one by one: what ``ValueEncoder`` writes by itself costs no encoder of
/// Foundation's.
struct ArgumentEncoder: Encoder {
    private final class Values {
        var written: [(name: String, json: [UInt8])] = []
        /// The type wrote its arguments in a way that this encoder has no place for.
        var areIncomplete = false
    }

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let values = Values()

    /// The arguments by their coding keys; nil for a type that must be encoded as a whole.
    static func values(of arguments: some Encodable) throws -> [(name: String, json: [UInt8])]? {
        let encoder = ArgumentEncoder()
        try arguments.encode(to: encoder)
        return encoder.values.areIncomplete ? nil : encoder.values.written
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Container(values: values))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { ignoring() }
    func singleValueContainer() -> any SingleValueEncodingContainer { ignoring() }

    private func ignoring() -> Ignored {
        values.areIncomplete = true
        return Ignored()
    }

    private struct Container<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let values: Values
        let codingPath: [any CodingKey] = []

        func encodeNil(forKey key: Key) { write(Array("null".utf8), key) }
        func encode<T: Encodable>(_ value: T, forKey key: Key) throws { write(try ValueEncoder.json(value), key) }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> { ignoring().container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { ignoring() }
        func superEncoder() -> any Encoder { ignoring() }
        func superEncoder(forKey key: Key) -> any Encoder { ignoring() }

        private func write(_ json: [UInt8], _ key: Key) { values.written.append((key.stringValue, json)) }

        private func ignoring() -> Ignored {
            values.areIncomplete = true
            return Ignored()
        }
    }

    /// Takes what a type writes that is then encoded as a whole.
    private struct Ignored: Encoder, UnkeyedEncodingContainer, SingleValueEncodingContainer {
        let codingPath: [any CodingKey] = []
        let userInfo: [CodingUserInfoKey: Any] = [:]
        let count = 0

        func encodeNil() {}
        func encode<T: Encodable>(_ value: T) {}

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            // With values of its own, which nobody looks at.
            ArgumentEncoder().container(keyedBy: type)
        }
        func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            container(keyedBy: type)
        }
        func unkeyedContainer() -> any UnkeyedEncodingContainer { self }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
        func singleValueContainer() -> any SingleValueEncodingContainer { self }
        func superEncoder() -> any Encoder { self }
    }
}
