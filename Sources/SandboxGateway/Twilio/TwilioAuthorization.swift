internal import FoundationEssentials

/// The vendor's check of who is calling: HTTP Basic (RFC 7617) with the account in the address.
struct TwilioAuthorization {
    let account: SandboxAccount.Twilio

    func check(_ call: TwilioGateway.Call) throws(TwilioFault) {
        guard call.version == "2010-04-01" else { throw .resourceUnknown }
        guard let (user, password) = credentials(in: call.authorization), user == account.accountSID,
            password == account.authToken
        else { throw .notAuthenticated }
        guard call.accountSID == account.accountSID else { throw .resourceUnknown }
    }

    private func credentials(in authorization: String?) -> (user: String, password: String)? {
        let parts = (authorization ?? "").split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "basic", let decoded = Data(base64Encoded: String(parts[1])),
            let text = String(bytes: decoded, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
