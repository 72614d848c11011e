internal import HTTPTypes
internal import NIOCore

/// What a request says, as far as its signature can cover it.
struct AmazonSNSCall {
    /// The `Host` header, which HTTP libraries keep apart from the others.
    var host: String
    /// As it was sent, without the question mark.
    var query: String
    var headers: HTTPFields
    var body: ByteBuffer

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
