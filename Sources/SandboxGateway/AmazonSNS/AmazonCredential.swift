/// The `Authorization` header of Signature Version 4, taken apart.
struct AmazonCredential: Equatable {
    /// Its first word.
    static let scheme = "AWS4-HMAC-SHA256"

    let accessKeyID: String
    let date: Substring
    let region: Substring
    let service: Substring
    let terminator: Substring
    /// In the order that the header gives them.
    let signedHeaders: [String]
    /// In hexadecimal digits.
    let signature: String

    /// Nil if a part is missing.
    init?(_ authorization: String) {
        guard authorization.hasPrefix(Self.scheme + " ") else { return nil }
        let pairs = authorization.dropFirst(Self.scheme.count + 1).split(separator: ",").compactMap {
            part -> (String, Substring)? in
            let sides = part.split(separator: "=", maxSplits: 1)
            return sides.count == 2 ? (sides[0].trimmed, sides[1]) : nil
        }
        let parts = Dictionary(pairs) { first, _ in first }
        guard let credential = parts["Credential"]?.split(separator: "/", omittingEmptySubsequences: false),
            credential.count == 5, let headers = parts["SignedHeaders"], let signature = parts["Signature"]
        else { return nil }
        accessKeyID = String(credential[0])
        (date, region, service, terminator) = (credential[1], credential[2], credential[3], credential[4])
        signedHeaders = headers.trimmed.split(separator: ";").map(String.init)
        self.signature = signature.trimmed
    }

    /// What the signing key is good for.
    var scope: String { "\(date)/\(region)/\(service)/\(terminator)" }
}
