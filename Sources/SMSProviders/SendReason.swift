/// Why a message was not accepted. A closed set of words, fit for metric labels.
public enum SendReason: String, Sendable, Equatable, CaseIterable {
    /// The account is closed, suspended or not allowed to do this.
    case account
    /// The call was under way when it broke off.
    case ambiguous
    /// Credentials or signature were refused.
    case auth
    /// The recipient is on a list of people who must not be written to, or has opted out.
    case blocked
    /// The caller gave up, for instance at shutdown, before anything was sent.
    case cancelled
    /// The carrier's channel behind the gateway is busy or down.
    case channel
    /// The clocks of caller and gateway are too far apart.
    case clock
    /// No connection: name resolution, connect, TLS, or no free connection in time.
    case connection
    /// The text holds words that may not be sent.
    case content
    /// The gateway's address is an internal one, which messages may not go to.
    case egress
    /// The code's life was nearly over before anything was sent.
    case expired
    /// The gateway has seen this request before.
    case duplicate = "dup"
    /// The gateway suspects fraud behind this number.
    case fraud
    /// The account's balance is used up.
    case funds
    /// The account may not send to this country.
    case geo
    /// The gateway says that it is closed for good.
    case gone
    /// The phone is switched off or out of reach.
    case handset
    /// The gateway failed inside.
    case `internal`
    /// The caller's address is not on the account's allow list.
    case ip
    /// A request's one-time value was used twice.
    case nonce
    /// The number is malformed, or has reached its own limit.
    case number
    /// A parameter is missing or wrong.
    case param
    /// Taken, and not yet known whether it was sent.
    case pending
    /// The message costs more than the account allows.
    case price
    /// The account's daily or monthly limit is used up.
    case quota
    /// Too many requests at a time.
    case rate
    /// The text's signature is not approved.
    case signature
    /// The template is missing, not approved or does not fit its variables.
    case template
    /// A code that the product's table does not know: an operator should look.
    case unlisted
}
