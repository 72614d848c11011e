/// Names for numbers: one number has one name with each audience, and no two audiences can find out by comparing names
/// which of them belong together. Source: pairwise identifiers, OpenID Connect Core 1.0, section 8.1.
///
/// Whoever has the key can try all numbers. When it is destroyed, the names are anonymous.
struct Pseudonyms: Sendable {
    let key: SecretKey

    func pseudonym(of number: String, audience: String) -> String {
        Base64URL.encode(key.authenticationCode(for: "pseudonym\0\(audience)\0\(number)"))
    }
}
