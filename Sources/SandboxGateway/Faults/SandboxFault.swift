/// What else than the usual can become of a call or of its message. The raw values are the names in `/faults`.
public enum SandboxFault: String, CaseIterable, Codable, Sendable {
    // The vendor refuses the message, each with its own code.

    /// The number is none.
    case numberMalformed = "number_malformed"
    /// The person behind the number wants no messages.
    case numberBlocked = "number_blocked"
    /// The account may not write to the number's country.
    case countryRefused = "country_refused"
    /// The account may not send at all.
    case authorizationRefused = "authorization_refused"
    /// Too many messages to the number.
    case numberThrottled = "number_throttled"
    /// Too many requests of the account; `Retry-After` says 2 s.
    case throttled
    /// A fault in the vendor's house.
    case systemFailed = "system_failed"

    // The call breaks off, and no message is taken.

    /// The answer never comes.
    case hang
    /// The connection is reset as soon as the request's head is there.
    case resetBeforeBody = "reset_before_body"
    /// The connection is reset when the whole request is there.
    case resetAfterBody = "reset_after_body"
    /// The answer is an HTTP status of a server in front of the vendor's.
    case httpError = "http_error"

    // The message is taken, and the caller does not get to know.

    /// The message goes out, and the answer never comes.
    case hangAfterSending = "hang_after_sending"
    /// The message goes out, and the connection is reset in place of an answer.
    case resetAfterSending = "reset_after_sending"
    /// The message goes out, and the answer is a web page.
    case garbage
    /// The message goes out, and the answer is JSON of another shape.
    case wrongJSON = "wrong_json"
    /// The message goes out, and the answer comes a byte at a time, slower than anybody waits.
    case slowBytes = "slow_bytes"

    // The message is taken, and its delivery report is not the usual one.

    /// The report says that the message has not arrived.
    case reportFailed = "report_failed"
    /// The report comes after the code has expired.
    case reportLate = "report_late"
    /// The same report comes three times.
    case reportRepeated = "report_repeated"
    /// The last report comes before the call is answered, and what should have come before it afterwards.
    case reportsOutOfOrder = "reports_out_of_order"
    /// No report comes.
    case reportMissing = "report_missing"
}

extension SandboxFault {
    /// Whether it meets the call before the gateway looks at what is in it.
    var isMetOnArrival: Bool {
        switch self {
        case .hang, .resetBeforeBody, .resetAfterBody, .httpError: true
        default: false
        }
    }

    /// Whether the caller gets no answer that tells that the message was taken.
    var hidesAcceptance: Bool {
        switch self {
        case .hang, .hangAfterSending, .resetAfterSending, .garbage, .wrongJSON, .slowBytes: true
        default: false
        }
    }
}
