internal import Crypto
internal import FoundationEssentials
internal import HTTPTypes

/// The vendor's check of who is calling: Signature Version 4 over headers and body.
struct AmazonSNSAuthorization {
    let account: SandboxAccount.AmazonSNS
    let now: Date

    private static let window: TimeInterval = 15 * 60

    func check(_ call: RootCall) throws(AmazonSNSFault) {
        guard let authorization = call.headers[.authorization], !authorization.isEmpty else {
            throw .authorizationMissing
        }
        guard let credential = AmazonCredential(authorization) else { throw .authorizationIncomplete }
        guard let timestamp = call.canonicalHeader("x-amz-date") else { throw .dateMissing }
        guard let instant = AmazonCalendar.date(timestamp) else { throw .dateMalformed }
        guard credential.accessKeyID == account.accessKeyID else { throw .keyUnknown }
        try check(scopeOf: credential, timestamp: timestamp)
        let mustBeSigned = call.headerNames.filter { $0 == "host" || $0.hasPrefix("x-amz-") }
        guard mustBeSigned.isSubset(of: credential.signedHeaders) else { throw .headersNotSigned }
        guard instant >= now - Self.window else { throw .signatureExpired }
        guard instant <= now + Self.window else { throw .signatureNotYetCurrent }
        guard call.headerNames.isSuperset(of: credential.signedHeaders),
            signature(of: call, timestamp: timestamp, credential: credential) == credential.signature
        else { throw .signatureMismatch }
    }

    private func check(scopeOf credential: AmazonCredential, timestamp: String) throws(AmazonSNSFault) {
        guard credential.terminator == "aws4_request" else { throw .terminatorMismatch }
        guard credential.service == "sns" else { throw .serviceMismatch }
        guard credential.region == account.region else { throw .regionMismatch }
        guard credential.date == timestamp.prefix(8) else { throw .scopeDateMismatch }
    }

    private func signature(of call: RootCall, timestamp: String, credential: AmazonCredential) -> String {
        let request = SHA256.hash(data: Data(canonicalRequest(call, signed: credential.signedHeaders).utf8))
        let text = [AmazonCredential.scheme, timestamp, credential.scope, request.hexadecimal].joined(separator: "\n")
        let key = [account.region, "sns", "aws4_request", text].reduce(
            code(credential.date, key: Data("AWS4\(account.secretAccessKey)".utf8))
        ) { key, part in code(part, key: key) }
        return key.hexadecimal
    }

    private func canonicalRequest(_ call: RootCall, signed names: [String]) -> String {
        let query = call.query.split(separator: "&").sorted().joined(separator: "&")
        let headers = names.sorted().map { "\($0):\(call.canonicalHeader($0) ?? "")" }
        let body = SHA256.hash(data: call.body).hexadecimal
        return (["POST", "/", query] + headers + ["", names.joined(separator: ";"), body]).joined(separator: "\n")
    }

    private func code(_ text: some StringProtocol, key: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
    }
}
