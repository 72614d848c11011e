import HTTPTypes

extension HTTPFields {
    /// Fields by the text of their names, for names that HTTPTypes has no constant for.
    init(named fields: KeyValuePairs<String, String>) {
        self.init()
        for (name, value) in fields { append(HTTPField(name: .known(name), value: value)) }
    }

    /// No cache keeps the answer, HTTP/1.0's included.
    static let neverCached = HTTPFields(named: ["Cache-Control": "no-store", "Pragma": "no-cache"])

    /// For every answer. Nothing but the service's own files runs or is shown, nothing frames the page, and no form is
    /// ever sent by the browser itself, which would put the number into the address bar.
    ///
    /// There is no `Cross-Origin-Resource-Policy`: front ends on another origin show the captcha with `<img>`.
    static let security = HTTPFields(named: [
        "Content-Security-Policy": """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'; trusted-types proof-of-work
        """,
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    ])
}

extension HTTPField.Name {
    /// Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>
    static let idempotencyKey = known("Idempotency-Key")
    /// Source: <https://w3c.github.io/webappsec-fetch-metadata/>
    static let fetchSite = known("Sec-Fetch-Site")
    static let requestID = known("X-Request-Id")

    static let twilioSignature = known("X-Twilio-Signature")
    /// Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")

    /// A name that HTTPTypes has no constant for.
    fileprivate static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is written in the source as a header's name, but HTTP does not allow it.")
        }
        return name
    }
}
