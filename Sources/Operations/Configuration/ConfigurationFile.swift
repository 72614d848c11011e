import FoundationEssentials

/// The optional JSON file: one object `sms` with the settings' keys inside, a part of a key for each level.
///
///     {"sms": {"broker": {"url": "redis://10.0.0.5:6379/3"}, "concurrency": 128, "provider": ["yuntongxun", "aliyun"]}}
///
/// It is read here and not by swift-configuration's JSON provider, because that one does not tell which keys a file holds
/// (so a misspelt key would go unnoticed), and because it needs the whole of Foundation.
enum ConfigurationFile {
    /// Reads the file at `path` as texts by dotted key; keys that are not among `knownKeys`, and values that are no
    /// texts, are faults.
    ///
    /// - Throws: ``ConfigurationError`` for a file that cannot be read at all.
    static func read(
        _ path: String, knownKeys: [String], _ faults: inout [ConfigurationError]
    ) throws(ConfigurationError) -> [String: String] {
        let contents: [UInt8]
        do {
            contents = try contentsOfFile(path)
        } catch {
            throw ConfigurationError(
                "cannot read the configuration file \(path): \(error); correct --config (SMS_CONFIG) or the file")
        }
        let root: JSONNode
        do {
            root = try JSONDecoder().decode(JSONNode.self, from: Data(contents))
        } catch {
            // The decoder does not tell the place of the mistake.
            throw ConfigurationError("the configuration file \(path) is not valid JSON; \"jq . \(path)\" shows where")
        }
        guard case .object(let top) = root, case .object = top["sms"], let section = top["sms"] else {
            throw ConfigurationError(
                "the configuration file \(path) holds no object \"sms\"; put the settings inside one")
        }
        return texts(in: section, path: path, knownKeys: Set(knownKeys), &faults)
    }

    private static func texts(
        in section: JSONNode, path: String, knownKeys: Set<String>, _ faults: inout [ConfigurationError]
    ) -> [String: String] {
        var texts: [String: String] = [:]
        var pending: [(key: String, node: JSONNode)] = [("", section)]
        while let (key, node) = pending.popLast() {
            if case .object(let members) = node, !knownKeys.contains(key) {
                pending += members.sorted { $0.key > $1.key }.map {
                    (key.isEmpty ? $0.key : "\(key).\($0.key)", $0.value)
                }
                continue
            }
            guard knownKeys.contains(key) else {
                let nearest = nearestSpelling(to: key, among: knownKeys)
                let hint = nearest.map { "; the nearest known key is sms.\($0)" } ?? ""
                faults.append(ConfigurationError("unknown key sms.\(key) in \(path)\(hint)"))
                continue
            }
            if case .null = node { continue }
            guard let text = node.text else {
                faults.append(
                    ConfigurationError("sms.\(key) in \(path) must be a text, a number or a list of texts"))
                continue
            }
            texts[key] = text
        }
        return texts
    }
}

/// Any JSON value.
private enum JSONNode: Decodable {
    case null
    case scalar(String)
    case array([JSONNode])
    case object([String: JSONNode])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .scalar(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .scalar("\(flag)")
        } else if let whole = try? container.decode(Int.self) {
            self = .scalar("\(whole)")
        } else if let number = try? container.decode(Double.self) {
            self = .scalar("\(number)")
        } else if let members = try? container.decode([String: JSONNode].self) {
            self = .object(members)
        } else {
            self = .array(try container.decode([JSONNode].self))
        }
    }

    /// The value as a flag would give it: lists have commas between their elements.
    var text: String? {
        switch self {
        case .scalar(let text): text
        case .array(let elements):
            elements.allSatisfy { $0.isScalar } ? elements.compactMap(\.text).joined(separator: ",") : nil
        case .null, .object: nil
        }
    }

    private var isScalar: Bool {
        if case .scalar = self { true } else { false }
    }
}
