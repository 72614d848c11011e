/// A request in the one form that caller and gateway both hash, so that a signature covers it.
///
/// AWS's Signature Version 4 brought this form up; Aliyun's ACS3 and Tencent's TC3 have it too.
struct CanonicalRequest: Sendable {
    /// The text that is hashed.
    let text: String
    /// The names of the signed header fields, with semicolons between.
    let signedHeaders: String

    /// - Parameters:
    ///   - query: Names and values percent-encoded, ordered by name.
    ///   - headers: The signed header fields; names in small letters, in any order.
    ///   - bodyHash: The body's SHA-256 in hexadecimal.
    init(path: String, query: String = "", headers: [(name: String, value: String)], bodyHash: String) {
        let headers = headers.sorted { $0.name < $1.name }
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text = ["POST", path, query, lines, signedHeaders, bodyHash].joined(separator: "\n")
    }

    /// SHA-256 of the text, in hexadecimal.
    var hash: String { Digest.sha256(text.utf8) }
}
