internal import Crypto
internal import FoundationEssentials
internal import NIOCore

/// The proof of who is calling: three headers as in Standard Webhooks 1.0.
struct SignedWebhookSignature {
    private let key: SymmetricKey
    private static let window: TimeInterval = 300

    /// Nil if the secret is not `whsec_` and the base64 form of 24 to 64 bytes.
    init?(secret: String) {
        let prefix = "whsec_"
        guard secret.hasPrefix(prefix), let bytes = Data(base64Encoded: String(secret.dropFirst(prefix.count))),
            (24...64).contains(bytes.count)
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    func check(_ call: SignedWebhookGateway.Call, at now: Date) throws(SignedWebhookFault) {
        guard call.id.wholeMatch(of: /[A-Za-z0-9_\-]{1,64}/) != nil else { throw .identifierMalformed }
        guard call.timestamp.wholeMatch(of: /[0-9]{1,12}/) != nil, let seconds = TimeInterval(call.timestamp) else {
            throw .timestampMalformed
        }
        guard !call.signatures.isEmpty else { throw .signatureMissing }
        let signed = Data("\(call.id).\(call.timestamp).".utf8) + Data(call.body.readableBytesView)
        // There are two while the caller changes its key.
        guard call.signatures.split(separator: " ").contains(where: { isRight($0, for: signed) }) else {
            throw .signatureMismatch
        }
        guard abs(now.timeIntervalSince1970 - seconds) <= Self.window else { throw .timestampStale }
    }

    /// The header's value for a request of the sandbox's own.
    func sign(id: String, timestamp: String, body: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(timestamp).\(body)".utf8), using: key)
        return "v1," + Data(code).base64EncodedString()
    }

    private func isRight(_ signature: Substring, for signed: Data) -> Bool {
        let version = "v1,"
        guard signature.hasPrefix(version), let code = Data(base64Encoded: String(signature.dropFirst(version.count)))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
    }
}
