internal import Crypto
internal import FoundationEssentials

/// The vendor's check of who is calling: signature version 3, TC3-HMAC-SHA256.
struct TencentAuthorization {
    let account: SandboxAccount.Tencent
    let now: Date

    func check(_ call: RootCall) throws(TencentFault) {
        guard let seconds = call.header("x-tc-timestamp"), !seconds.isEmpty else { throw .parameterMissing }
        guard let timestamp = Int64(seconds), timestamp > 0 else { throw .parameterMalformed }
        let form = /TC3-HMAC-SHA256 Credential=([^\/,]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([^,]+)/
        guard let (_, secretID, scope, list, signature) = call.header("authorization")?.wholeMatch(of: form)?.output
        else { throw .authorizationMalformed }
        let signedHeaders = list.split(separator: ";").map(String.init)
        guard Set(signedHeaders).isSuperset(of: ["content-type", "host"]) else { throw .authorizationMalformed }
        guard secretID == account.secretID else { throw .secretIDUnknown }
        let instant = Date(timeIntervalSince1970: TimeInterval(timestamp))
        guard abs(instant.timeIntervalSince(now)) <= 5 * 60 else { throw .timestampStale }
        // The day changes at midnight UTC, which is eight in the morning in China.
        let day = instant.formatted(.iso8601.year().month().day())
        guard scope == "\(day)/sms/tc3_request", let request = canonicalRequest(call, signedHeaders: signedHeaders),
            signature == self.signature(request, seconds: seconds, day: day)
        else { throw .signatureMismatch }
    }

    /// Nil if a header is signed that is not there.
    private func canonicalRequest(_ call: RootCall, signedHeaders: [String]) -> String? {
        var headers = ""
        for name in signedHeaders.sorted() {
            guard let value = call.header(name) else { return nil }
            headers += "\(name):\(value.lowercased())\n"
        }
        let list = signedHeaders.sorted().joined(separator: ";")
        return ["POST", "/", call.query, headers, list, SHA256.hash(data: call.body).hexadecimal]
            .joined(separator: "\n")
    }

    private func signature(_ request: String, seconds: String, day: String) -> String {
        let hash = SHA256.hash(data: Data(request.utf8)).hexadecimal
        let text = "TC3-HMAC-SHA256\n\(seconds)\n\(day)/sms/tc3_request\n\(hash)"
        var key = Data("TC3\(account.secretKey)".utf8)
        for part in [day, "sms", "tc3_request", text] {
            key = Data(HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: SymmetricKey(data: key)))
        }
        return key.hexadecimal
    }
}
