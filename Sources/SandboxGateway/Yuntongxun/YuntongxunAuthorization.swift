internal import Crypto
internal import FoundationEssentials

/// The vendor's check of who is calling: account in the address, `Authorization` and `sig` must agree.
struct YuntongxunAuthorization {
    let account: SandboxAccount
    let now: Date

    func check(_ call: YuntongxunGateway.Call) throws(YuntongxunFault) {
        guard call.version == "2013-12-26" else { throw .versionUnknown }
        guard call.accountSID.utf8.count == 32, call.accountSID.utf8.allSatisfy(\.isHexadecimal) else {
            throw .accountPartMalformed
        }
        guard call.accountSID == account.accountSID else { throw .accountUnknown }
        let timestamp = try timestamp(in: call.authorization)
        guard let signature = call.signature, !signature.isEmpty else { throw .signatureMissing }
        guard signature == expectedSignature(timestamp) else { throw .signatureMismatch }
    }

    /// The time stamp in the header, checked.
    private func timestamp(in authorization: String?) throws(YuntongxunFault) -> String {
        guard let authorization, !authorization.isEmpty else { throw .authorizationMissing }
        guard let decoded = Data(base64Encoded: authorization), let text = String(bytes: decoded, encoding: .utf8)
        else { throw .authorizationNotBase64 }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .authorizationMalformed }
        guard !parts[0].isEmpty else { throw .accountMissing }
        guard parts[0] == account.accountSID else { throw .accountMismatch }
        guard !parts[1].isEmpty else { throw .timestampMissing }
        guard let instant = ChinaCalendar.date(String(parts[1])) else { throw .timestampMalformed }
        guard abs(instant.timeIntervalSince(now)) <= 24 * 3600 else { throw .timestampStale }
        return String(parts[1])
    }

    private func expectedSignature(_ timestamp: String) -> String {
        let text = account.accountSID + account.authToken + timestamp
        return Insecure.MD5.hash(data: Data(text.utf8)).hexadecimal.uppercased()
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
