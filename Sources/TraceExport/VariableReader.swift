/// Reads OpenTelemetry's variables: an empty one counts as one that is not set.
struct VariableReader {
    let variables: [String: String]

    func text(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func bool(_ name: String) throws(TraceSettingError) -> Bool {
        switch text(name)?.lowercased() {
        case "true": return true
        case nil, "false": return false
        case let other?: throw TraceSettingError(name, other, expected: "true or false")
        }
    }

    func count(_ name: String) throws(TraceSettingError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let count = Int(text), count > 0 else {
            throw TraceSettingError(name, text, expected: "a whole number above 0")
        }
        return count
    }

    func milliseconds(_ name: String) throws(TraceSettingError) -> Duration? {
        guard let count = try count(name) else { return nil }
        return .milliseconds(count)
    }

    func ratio(_ name: String) throws(TraceSettingError) -> Double? {
        guard let text = text(name) else { return nil }
        guard let ratio = Double(text), (0...1).contains(ratio) else {
            throw TraceSettingError(name, text, expected: "a number from 0 to 1")
        }
        return ratio
    }

    /// `key=value,key=value`, with `%20` and the like in values.
    func pairs(_ name: String) throws(TraceSettingError) -> [(key: String, value: String)] {
        guard let text = text(name) else { return [] }
        var pairs: [(String, String)] = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = pair[0].filter { $0 != " " }
            guard pair.count == 2, !key.isEmpty, let value = Self.decoded(pair[1]) else {
                // The value may be a token.
                throw TraceSettingError(name, "…", expected: "key=value pairs with commas between")
            }
            pairs.append((key, value))
        }
        return pairs
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
