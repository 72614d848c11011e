/// What the Amazon SNS client needs to know: the access key, the region and the words of the message.
public struct AmazonSNSConfiguration: CheckedAccount, Sendable {
    /// Scheme, host and port of the gateway.
    public var baseURL: String
    /// The region whose messages these are, such as `us-east-1`.
    public var region: String
    /// The identifier of an access key that may publish.
    public var accessKeyID: String
    /// The access key's secret. It signs every request and never appears in logs.
    public var secretAccessKey: String
    /// What temporary credentials have in addition; a secret as well.
    public var sessionToken: String?
    /// The message, with `{code}` and `{minutes}` where these stand.
    public var text = MessageText.standard
    /// The name that a message comes from, in countries that have such names.
    public var senderID: String?
    /// The number that a message comes from, in E.164, if the account has one.
    public var originationNumber: String?
    /// The highest price of a message in US dollars, such as `0.05`; the gateway refuses what is dearer.
    public var maxPrice: String?
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// Makes a configuration; what is not named here has a default and can be set afterwards. Without an address, the
    /// gateway is the region's own.
    public init(baseURL: String? = nil, region: String, accessKeyID: String, secretAccessKey: String) {
        self.baseURL = baseURL ?? "https://sns.\(region).amazonaws.com"
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
    }
}

extension AmazonSNSConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults: [AccountFault] = []
        if !Self.isRegion(region) {
            faults.add("region", "\"\(region)\" is not a region: write it like us-east-1")
        }
        if GatewayAddress(baseURL)?.path != "/" {
            faults.add(
                "baseURL",
                "\"\(baseURL)\" is not a gateway's address: write it like " + "https://sns.\(region).amazonaws.com")
        }
        if accessKeyID.isEmpty || !accessKeyID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            faults.add(
                "accessKeyID", "\"\(accessKeyID)\" is not letters and digits only: copy it from the vendor's console")
        }
        faults += AccountFault.checkSecret(secretAccessKey, "secretAccessKey")
        if !MessageText.isUsable(text) {
            faults.add("text", "\"\(text)\" has no {code}: write it where the code is to stand")
        }
        return faults + senderFaults
    }

    /// As AWS names regions: a part of the world, a direction and a number, in small letters.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let number = parts.last, !number.isEmpty else { return false }
        return number.allSatisfy { ("0"..."9").contains($0) }
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy { ("a"..."z").contains($0) } }
    }

    private var senderFaults: [AccountFault] {
        var faults: [AccountFault] = []
        if let senderID,
            !(1...11).contains(senderID.count)
                || !senderID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        {
            faults.add("senderID", "\"\(senderID)\" is not a sender's name: write up to eleven letters and digits")
        }
        if let originationNumber, originationNumber.isEmpty {
            faults.add("originationNumber", "the number is empty: write it like +15005550006")
        }
        if let maxPrice, Double(maxPrice).map({ $0 > 0 && $0.isFinite }) != true {
            faults.add("maxPrice", "\"\(maxPrice)\" is not a price: write dollars, like 0.05")
        }
        return faults
    }
}

extension AmazonSNSConfiguration: CustomStringConvertible {
    /// All values but the secrets.
    public var description: String {
        "Amazon SNS at \(baseURL), region \(region), access key \(accessKeyID)"
    }
}
