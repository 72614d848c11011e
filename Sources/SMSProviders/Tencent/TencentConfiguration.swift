/// What the Tencent client needs to know: the account, and the signature and template that the vendor has approved.
public struct TencentConfiguration: CheckedAccount, Sendable {
    /// Scheme, host, port and path of the gateway. Accounts abroad have `https://sms.intl.tencentcloudapi.com`.
    public var baseURL: String
    /// The identifier of an API key that may call SendSms.
    public var secretID: String
    /// The API key's secret. It signs every request and never appears in logs.
    public var secretKey: String
    /// The SMS application's identifier, SdkAppId in the vendor's console: digits.
    public var appID: String
    /// The approved signature text, which the vendor puts before the message: `腾讯云`.
    public var signName: String
    /// The approved template's number.
    public var templateID: String
    /// What stands for the template's `{1}`, `{2}` and so on. There must be as many as the template has.
    public var templateVariables: [TemplateVariable] = [.code, .minutes]
    /// The region whose gateway answers.
    public var region = "ap-guangzhou"
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// The address of the vendor's gateway.
    public static let productionURL = "https://sms.tencentcloudapi.com"

    /// Makes a configuration; what is not named here has a default and can be set afterwards.
    public init(
        baseURL: String = productionURL, secretID: String, secretKey: String, appID: String, signName: String,
        templateID: String
    ) {
        self.baseURL = baseURL
        self.secretID = secretID
        self.secretKey = secretKey
        self.appID = appID
        self.signName = signName
        self.templateID = templateID
    }
}

extension TencentConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults: [AccountFault] = []
        if GatewayAddress(baseURL) == nil {
            faults.add("baseURL", "\"\(baseURL)\" is not a gateway's address: write it like \(Self.productionURL)")
        }
        if secretID.isEmpty || !secretID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            faults.add("secretID", "\"\(secretID)\" is not letters and digits only: copy it from the vendor's console")
        }
        faults += AccountFault.checkSecret(secretKey, "secretKey")
        for (property, value) in [("appID", appID), ("templateID", templateID)]
        where value.isEmpty || !value.allSatisfy({ ("0"..."9").contains($0) }) {
            faults.add(property, "\"\(value)\" is not digits only: copy the number from the vendor's console")
        }
        if signName.isEmpty {
            faults.add("signName", "the signature is empty: write one that the vendor has approved")
        }
        if !templateVariables.contains(.code) {
            faults.add(
                "templateVariables",
                "no variable is the code: write what stands for {1}, {2} and so on, like code, minutes")
        }
        if region.isEmpty || !region.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
            faults.add("region", "\"\(region)\" is not a region: write it like ap-guangzhou")
        }
        return faults
    }
}

extension TencentConfiguration: CustomStringConvertible {
    /// All values but the secret.
    public var description: String {
        "Tencent at \(baseURL), key \(secretID), app \(appID), signature \(signName), template \(templateID)"
    }
}
