/// The parameters in a query or in a form body.
struct AliyunParameters {
    private let fields: [FormText.Field]

    /// Nil if a percent sign or the bytes that it stands for mean nothing.
    init?(_ text: String) {
        let fields = FormText.fields(in: text, strayPercent: .isRefused)
        self.fields = fields.compactMap { $0 }
        guard self.fields.count == fields.count else { return nil }
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The form that is signed: sorted by name, all but the unreserved characters of RFC 3986 percent-encoded.
    var canonical: String {
        fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
            .joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + CollectionOfOne(byte).hexadecimal.uppercased()
            }
        }
    }
}
