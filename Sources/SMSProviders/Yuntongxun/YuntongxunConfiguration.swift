internal import FoundationEssentials

/// What the Yuntongxun client needs to know: the account and where its gateway is.
///
/// The values come from the vendor's console: account SID and token of the main account, and the application's AppID.
public struct YuntongxunConfiguration: CheckedAccount, Sendable {
    /// Scheme, host and port of the gateway.
    public var baseURL: String
    /// The main account's SID.
    public var accountSID: String
    /// The main account's token. It signs every request and never appears in logs.
    public var authToken: String
    /// The application's identifier.
    public var appID: String
    /// The template that carries the code as `{1}` and the minutes as `{2}`. `1` is the vendor's shared test template.
    public var templateID = "1"
    /// Whether each attempt gets an identifier, `reqId`, by which the gateway recognises a repetition (code 160054): it
    /// then counts as accepted. The vendor does not describe it publicly: try it with the account before it is used.
    public var identifiesRequests = false
    /// What stands before the country code of a number outside mainland China.
    public var internationalPrefix = "00"
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// The address of the vendor's gateway.
    public static let productionURL = "https://app.cloopen.com:8883"

    /// Makes a configuration; what is not named here has a default and can be set afterwards.
    public init(
        baseURL: String = productionURL, accountSID: String, authToken: String, appID: String, templateID: String = "1"
    ) {
        self.baseURL = baseURL
        self.accountSID = accountSID
        self.authToken = authToken
        self.appID = appID
        self.templateID = templateID
    }
}

extension YuntongxunConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults: [AccountFault] = []
        let url = URL(string: baseURL)
        if url?.host?.isEmpty != false || !["http", "https"].contains(url?.scheme) || url?.query != nil {
            faults.add("baseURL", "\"\(baseURL)\" is not a gateway's address: write it like \(Self.productionURL)")
        }
        for (property, value) in [("accountSID", accountSID), ("appID", appID)]
        where value.isEmpty || !value.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            faults.add(property, "\"\(value)\" is not letters and digits only: copy it from the vendor's console")
        }
        faults += AccountFault.checkSecret(authToken, "authToken", noun: "token")
        if templateID.isEmpty || !templateID.allSatisfy({ ("0"..."9").contains($0) }) {
            faults.add("templateID", "\"\(templateID)\" is not a template's number: write digits, like 1")
        }
        return faults
    }
}

extension YuntongxunConfiguration: CustomStringConvertible {
    /// All values but the token.
    public var description: String {
        "Yuntongxun at \(baseURL), account \(accountSID), app \(appID), template \(templateID)"
    }
}
