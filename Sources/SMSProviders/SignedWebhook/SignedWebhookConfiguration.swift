internal import FoundationEssentials

/// What the webhook client needs to know: where to, and signed with what.
public struct SignedWebhookConfiguration: Sendable {
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
    /// Looks for values that no call could succeed with, so that a program can refuse to start.
    public func validate() throws(AccountFault) {
        let address = URL(string: url)
        guard let address, let host = address.host, !host.isEmpty, ["http", "https"].contains(address.scheme) else {
            throw AccountFault(
                property: "url", description: "the address cannot be called: write it like https://sms.example.com/send"
            )
        }
        if address.scheme == "http", !HostName.isThisMachine(host) {
            throw AccountFault(
                property: "url",
                description: "\(host) is not this machine, and a code must not cross a network in the clear: "
                    + "write https instead of http")
        }
        if !allowsInternalAddresses, !HostName.isThisMachine(host), HostName.isInternalAddress(host) {
            throw AccountFault(
                property: "url",
                description: "\(host) is an internal address: write a public one, or allow internal addresses")
        }
        if secrets.isEmpty {
            throw AccountFault(property: "secrets", description: "there is no secret: write one like whsec_ and base64")
        }
        if let index = secrets.firstIndex(where: { WebhookSecret($0) == nil }) {
            throw AccountFault(
                property: "secrets",
                description: "number \(index + 1) is not a secret: write whsec_ and 24 to 64 random bytes in base64")
        }
        if let text, !MessageText.isUsable(text) {
            throw AccountFault(
                property: "text", description: "\"\(text)\" has no {code}: write it where the code is to stand")
        }
    }
}

extension SignedWebhookConfiguration: CustomStringConvertible {
    /// Where messages go. Without the query, in which some services want a key, and without the secrets.
    public var description: String {
        "webhook at \(url.prefix { $0 != "?" }), \(secrets.count) secret\(secrets.count == 1 ? "" : "s")"
    }
}
