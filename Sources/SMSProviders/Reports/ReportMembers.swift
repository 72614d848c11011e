internal import FoundationEssentials

/// The members of a vendor's JSON object that are texts, numbers or truth values, all as texts: the vendors write the same
/// member now as one and now as another. Whatever else stands there is left out.
struct ReportMembers: Decodable {
    private let texts: [String: String]

    subscript(name: String) -> String? { texts[name] }

    /// Nil for what is no JSON array. Elements that are no objects are left out.
    static func list(_ body: [UInt8]) -> [ReportMembers]? {
        let elements = try? JSONDecoder().decode([Element].self, from: Data(body))
        return elements?.compactMap(\.members)
    }

    /// Nil for what is no JSON object, or has no object by that name in it.
    static func object(_ body: [UInt8], inside name: String? = nil) -> ReportMembers? {
        guard let name else { return try? JSONDecoder().decode(ReportMembers.self, from: Data(body)) }
        return try? JSONDecoder().decode([String: Element].self, from: Data(body))[name]?.members
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.singleValueContainer().decode([String: Value].self)
        texts = values.compactMapValues(\.text)
    }

    private struct Element: Decodable {
        let members: ReportMembers?

        init(from decoder: any Decoder) {
            members = try? ReportMembers(from: decoder)
        }
    }

    private struct Value: Decodable {
        let text: String?

        init(from decoder: any Decoder) {
            let container = try? decoder.singleValueContainer()
            if let text = try? container?.decode(String.self) {
                self.text = text
            } else if let flag = try? container?.decode(Bool.self) {
                text = "\(flag)"
            } else {
                text = (try? container?.decode(Int.self)).map { "\($0)" }
            }
        }
    }
}
