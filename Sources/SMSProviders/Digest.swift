internal import Crypto
internal import FoundationEssentials

/// The hashes that gateways' signatures are made of.
enum Digest {
    /// SHA-256 as 64 small hexadecimal digits.
    static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        hexadecimal(SHA256.hash(data: Array(bytes)))
    }

    /// HMAC-SHA-256 (RFC 2104).
    static func hmacSHA256(key: some ContiguousBytes, _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    /// Two small digits for each byte.
    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
