/// What the Aliyun client needs to know: the account, and the signature and template that the vendor has approved.
public struct AliyunConfiguration: CheckedAccount, Sendable {
    /// Scheme, host, port and path of the gateway. Accounts abroad have gateways of their own, such as
    /// `https://dysmsapi.ap-southeast-1.aliyuncs.com`.
    public var baseURL: String
    /// The identifier of an access key that may call SendSms.
    public var accessKeyID: String
    /// The access key's secret. It signs every request and never appears in logs.
    public var accessKeySecret: String
    /// The approved signature text, which the vendor puts before the message: `阿里云短信测试`.
    public var signName: String
    /// The approved template, such as `SMS_154950909`.
    public var templateCode: String
    /// The template's variable for the code.
    public var codeVariable = "code"
    /// The template's variable for the minutes that the code is valid; nil if the template has none.
    public var minutesVariable: String?
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// The address of the vendor's gateway for accounts in mainland China.
    public static let productionURL = "https://dysmsapi.aliyuncs.com"

    /// Makes a configuration; what is not named here has a default and can be set afterwards.
    public init(
        baseURL: String = productionURL, accessKeyID: String, accessKeySecret: String, signName: String,
        templateCode: String
    ) {
        self.baseURL = baseURL
        self.accessKeyID = accessKeyID
        self.accessKeySecret = accessKeySecret
        self.signName = signName
        self.templateCode = templateCode
    }
}

extension AliyunConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults: [AccountFault] = []
        if GatewayAddress(baseURL) == nil {
            faults.add("baseURL", "\"\(baseURL)\" is not a gateway's address: write it like \(Self.productionURL)")
        }
        if accessKeyID.isEmpty || !accessKeyID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }) {
            faults.add(
                "accessKeyID", "\"\(accessKeyID)\" is not letters and digits only: copy it from the vendor's console")
        }
        faults += AccountFault.checkSecret(accessKeySecret, "accessKeySecret")
        if signName.isEmpty {
            faults.add("signName", "the signature is empty: write one that the vendor has approved")
        }
        let digits = templateCode.hasPrefix("SMS_") ? templateCode.dropFirst(4) : ""
        if digits.isEmpty || !digits.allSatisfy({ ("0"..."9").contains($0) }) {
            faults.add("templateCode", "\"\(templateCode)\" is not a template's code: write it like SMS_154950909")
        }
        return faults + variableFaults
    }

    private var variableFaults: [AccountFault] {
        var faults: [AccountFault] = []
        for (property, name) in [("codeVariable", codeVariable), ("minutesVariable", minutesVariable ?? "minutes")]
        where name.isEmpty || !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) {
            faults.add(property, "\"\(name)\" is not a variable's name: write what stands in the template's ${...}")
        }
        if minutesVariable == codeVariable {
            faults.add("minutesVariable", "\"\(codeVariable)\" is the code's variable already: write another, or none")
        }
        return faults
    }
}

extension AliyunConfiguration: CustomStringConvertible {
    /// All values but the secret.
    public var description: String {
        "Aliyun at \(baseURL), access key \(accessKeyID), signature \(signName), template \(templateCode)"
    }
}
