internal import HTTPTypes

extension RootCall {
    /// The names of all headers, in lower case.
    var headerNames: Set<String> {
        Set(headers.map(\.name.canonicalName)).union(["host"])
    }

    /// The header's values in the form that is signed: joined by commas, without superfluous spaces.
    func canonicalHeader(_ name: String) -> String? {
        if name == "host" { return host }
        guard let field = HTTPField.Name(name), headers.contains(field) else { return nil }
        return headers[values: field].map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: ",")
    }
}
