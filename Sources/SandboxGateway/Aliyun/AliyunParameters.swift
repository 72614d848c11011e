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
            .map { "\(FormText.encoded($0.name))=\(FormText.encoded($0.value))" }
            .joined(separator: "&")
    }
}
