internal import Crypto
internal import FoundationEssentials
internal import HTTPTypes

/// The vendor's check of who is calling: signature version 3, ACS3-HMAC-SHA256.
struct AliyunAuthorization {
    let account: SandboxAccount.Aliyun
    let now: Date

    /// Headers without which no request is complete.
    private static let required: Set = [
        "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
    ]

    /// Does not look whether the request's nonce was used before.
    func check(_ call: RootCall) throws(AliyunFault) {
        guard let authorization = call.header("authorization"), !authorization.isEmpty else {
            throw .accessKeyMissing
        }
        let form = /ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([^,]+)/
        guard let (_, accessKeyID, list, signature) = authorization.wholeMatch(of: form)?.output else {
            throw .authorizationMalformed
        }
        guard accessKeyID == account.accessKeyID else { throw .accessKeyUnknown }
        try checkDate(call.header("x-acs-date"))
        guard let nonce = call.header("x-acs-signature-nonce"), !nonce.isEmpty else { throw .nonceMissing }
        let signedHeaders = Set(list.split(separator: ";").map(String.init))
        guard signedHeaders.isSuperset(of: headersToSign(call)) else { throw .authorizationMalformed }
        guard let expected = expectedSignature(call, signedHeaders: signedHeaders), signature == expected else {
            throw .signatureMismatch
        }
    }

    private func checkDate(_ text: String?) throws(AliyunFault) {
        // What comes out must be what came in: the parser knows further forms.
        guard let text, let date = try? Date(text, strategy: .iso8601), date.formatted(.iso8601) == text else {
            throw .dateMalformed
        }
        guard abs(date.timeIntervalSince(now)) <= 15 * 60 else { throw .dateStale }
    }

    private func headersToSign(_ call: RootCall) -> Set<String> {
        let sent = call.headers.map(\.name.canonicalName).filter { $0.hasPrefix("x-acs-") }
        return Self.required.union(sent).union(call.body.isEmpty ? [] : ["content-type"])
    }

    /// Nil if a header or the query cannot be put into the canonical form.
    private func expectedSignature(_ call: RootCall, signedHeaders: Set<String>) -> String? {
        let payload = SHA256.hash(data: call.body).hexadecimal
        guard call.header("x-acs-content-sha256") == payload, let query = AliyunParameters(call.query) else {
            return nil
        }
        var headers = ""
        for name in signedHeaders.sorted() {
            guard let value = call.header(name) else { return nil }
            headers += "\(name):\(value)\n"
        }
        let list = signedHeaders.sorted().joined(separator: ";")
        let request = ["POST", "/", query.canonical, headers, list, payload].joined(separator: "\n")
        let text = "ACS3-HMAC-SHA256\n" + SHA256.hash(data: Data(request.utf8)).hexadecimal
        let key = SymmetricKey(data: Data(account.accessKeySecret.utf8))
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).hexadecimal
    }
}
