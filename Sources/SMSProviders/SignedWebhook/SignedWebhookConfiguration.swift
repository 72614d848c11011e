internal import FoundationEssentials

/// What the webhook client needs to know: where to, and signed with what.
public struct SignedWebhookConfiguration: CheckedAccount, Sendable {
    /// The address that messages are posted to. `https`, or `http` on this machine.
    public var url: String
    /// The secrets that requests are signed with, each `whsec_` and 24 to 64 bytes in base64. More than one while a
    /// secret is being replaced. They never appear in logs.
    public var secrets: [String]
    /// The message for receivers that have no templates of their own, with `{code}` and `{minutes}` where these stand;
    /// nil leaves it out.
    public var text: String?
    /// Where the receiver reports what became of a message; nil leaves it out.
    public var reportURL: String?
    /// Whether the address may be an internal one: private, link-local and the like. This machine, where the address
    /// names it, is always allowed.
    public var allowsInternalAddresses = false
    /// What the service calls itself, as product and version.
    public var userAgent = "sms-queue"
    /// How long one call may take, from its start to the last byte of the answer.
    public var callTimeout: Duration = .seconds(5)
    /// How many bytes of an answer are read at most.
    public var bodyCap = 64 * 1024

    /// Makes a configuration; what is not named here has a default and can be set afterwards.
    public init(url: String, secrets: [String]) {
        self.url = url
        self.secrets = secrets
    }
}

extension SignedWebhookConfiguration {
    /// What no call could succeed with.
    public var faults: [AccountFault] {
        var faults = addressFaults
        if secrets.isEmpty {
            faults.add("secrets", "there is no secret: write one like whsec_ and base64")
        }
        if let index = secrets.firstIndex(where: { WebhookSecret($0) == nil }) {
            faults.add(
                "secrets", "number \(index + 1) is not a secret: write whsec_ and 24 to 64 random bytes in base64")
        }
        if let text, !MessageText.isUsable(text) {
            faults.add("text", "\"\(text)\" has no {code}: write it where the code is to stand")
        }
        return faults
    }

    private var addressFaults: [AccountFault] {
        var faults: [AccountFault] = []
        let address = URL(string: url)
        guard let address, let host = address.host, !host.isEmpty, ["http", "https"].contains(address.scheme) else {
            faults.add("url", "the address cannot be called: write it like https://sms.example.com/send")
            return faults
        }
        if address.scheme == "http", !HostName.isThisMachine(host) {
            faults.add(
                "url",
                "\(host) is not this machine, and a code must not cross a network in the clear: "
                    + "write https instead of http")
        }
        if !allowsInternalAddresses, !HostName.isThisMachine(host), HostName.isInternalAddress(host) {
            faults.add("url", "\(host) is an internal address: write a public one, or allow internal addresses")
        }
        return faults
    }
}

extension SignedWebhookConfiguration: CustomStringConvertible {
    /// Where messages go. Without the query, in which some services want a key, and without the secrets.
    public var description: String {
        "webhook at \(url.prefix { $0 != "?" }), \(secrets.count) secret\(secrets.count == 1 ? "" : "s")"
    }
}
