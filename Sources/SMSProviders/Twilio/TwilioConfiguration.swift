internal import FoundationEssentials

/// What the Twilio client needs to know: the account, the sender and the words of the message.
public struct TwilioConfiguration: CheckedAccount, Sendable {
    /// Scheme, host and port of the gateway.
    public var baseURL: String
    /// The account's SID.
    public var accountSID: String
    /// The SID of an API key (`SK…`) that signs in; nil when the account signs in with its own token.
    public var apiKeySID: String?
    /// The account's token, or the secret of the API key. Never appears in logs.
    public var authToken: String
    /// Who the message comes from: a number in E.164, a short code, a sender's name, or the SID of a messaging service
    /// (`MG…`).
    public var sender: String
    /// The message, with `{code}` and `{minutes}` where these stand.
    public var text = MessageText.standard
    /// Where the gateway reports what became of a message; the task's identifier is added as `job` to its query.
    public var statusCallback: String?
    /// The highest price of a message in US dollars, such as `0.05`; the gateway refuses what is dearer.
    public var maxPrice: String?
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// The address of the vendor's gateway.
    public static let productionURL = "https://api.twilio.com"

    /// Makes a configuration; what is not named here has a default and can be set afterwards.
    public init(baseURL: String = productionURL, accountSID: String, authToken: String, sender: String) {
        self.baseURL = baseURL
        self.accountSID = accountSID
        self.authToken = authToken
        self.sender = sender
    }
}

extension TwilioConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults: [AccountFault] = []
        if !Self.isAddress(baseURL) || URL(string: baseURL)?.query != nil {
            faults.add("baseURL", "\"\(baseURL)\" is not a gateway's address: write it like \(Self.productionURL)")
        }
        for (property, value) in [("accountSID", accountSID), ("apiKeySID", apiKeySID ?? accountSID)]
        where value.isEmpty || !value.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            faults.add(property, "\"\(value)\" is not letters and digits only: copy it from the vendor's console")
        }
        faults += AccountFault.checkSecret(authToken, "authToken", noun: "token")
        if !Self.isSender(sender) {
            faults.add(
                "sender",
                "\"\(sender)\" is not a sender: write a number like +15005550006, a messaging service's SID, or a name of "
                    + "up to eleven letters, digits and blanks")
        }
        if !MessageText.isUsable(text) {
            faults.add("text", "\"\(text)\" has no {code}: write it where the code is to stand")
        }
        if let statusCallback, !Self.isAddress(statusCallback) {
            faults.add(
                "statusCallback",
                "\"\(statusCallback)\" is not an address: write it like https://sms.example.com/twilio")
        }
        if let maxPrice, Double(maxPrice).map({ $0 > 0 && $0.isFinite }) != true {
            faults.add("maxPrice", "\"\(maxPrice)\" is not a price: write dollars, like 0.05")
        }
        return faults
    }

    /// A number, a short code, a messaging service's SID, or the name that phones show, which has a letter.
    private static func isSender(_ text: String) -> Bool {
        let isNumber = (3...15).contains(text.count - (text.hasPrefix("+") ? 1 : 0))
        if text.drop(while: { $0 == "+" }).allSatisfy({ ("0"..."9").contains($0) }) { return isNumber }
        return (1...34).contains(text.count) && (text.hasPrefix("MG") || text.count <= 11)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }
    }

    private static func isAddress(_ text: String) -> Bool {
        guard let url = URL(string: text) else { return false }
        return ["http", "https"].contains(url.scheme) && url.host?.isEmpty == false
    }
}

extension TwilioConfiguration: CustomStringConvertible {
    /// All values but the token.
    public var description: String {
        "Twilio at \(baseURL), account \(accountSID), sender \(sender)"
    }
}
