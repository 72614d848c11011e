internal import HTTPTypes

/// The fields of a form body (`application/x-www-form-urlencoded`). Those that cannot be read are left out.
struct FormFields: Equatable {
    private let values: [String: String]

    /// No fields at all if the headers name another type of content: the vendors do not read it either.
    init(_ body: some Collection<UInt8>, headers: HTTPFields) {
        let type = headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.trimmed == "application/x-www-form-urlencoded" else {
            values = [:]
            return
        }
        let fields = FormText.fields(in: String(decoding: body, as: UTF8.self), strayPercent: .standsForItself)
        let pairs = fields.compactMap { field in field.map { ($0.name, $0.value) } }
        values = Dictionary(pairs) { first, _ in first }
    }

    subscript(name: String) -> String? { values[name] }
}

extension StringProtocol {
    /// Without the spaces and tabs at both ends.
    var trimmed: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = Substring(self).utf8
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(Substring(rest))
    }
}
