internal import HTTPTypes

/// What is wrong with a call of the webhook. The raw values are the answers' codes.
enum SignedWebhookFault: String, Error, CaseIterable {
    case bodyTooLarge = "body_too_large"
    case contentTypeWrong = "content_type_wrong"
    case identifierMalformed = "webhook_id_malformed"
    case timestampMalformed = "webhook_timestamp_malformed"
    case signatureMissing = "webhook_signature_missing"
    case signatureMismatch = "webhook_signature_mismatch"
    case timestampStale = "webhook_timestamp_stale"
    case bodyUnreadable = "body_unreadable"
    case typeUnknown = "type_unknown"
    case fieldMissing = "field_missing"
    case messageExpired = "message_expired"
    case numberMalformed = "number_malformed"
    /// One word, as the callers' reasons are: the limit is this number's, and no other gateway should be tried.
    case numberTooOften = "number"
    case numberBlocked = "blocked"
    case countryRefused = "geo"
    case authorizationRefused = "auth"
    case accountTooOften = "rate"
    case systemFailed = "internal"

    /// Of a request that was understood, the body alone tells what became of it.
    var status: HTTPResponse.Status {
        switch self {
        case .bodyTooLarge: .contentTooLarge
        case .contentTypeWrong: .unsupportedMediaType
        case .identifierMalformed, .timestampMalformed, .signatureMissing, .bodyUnreadable: .badRequest
        case .signatureMismatch, .timestampStale: .unauthorized
        case .typeUnknown, .fieldMissing, .messageExpired: .unprocessableContent
        case .numberMalformed, .numberTooOften, .numberBlocked, .countryRefused, .authorizationRefused,
            .accountTooOften, .systemFailed:
            .ok
        }
    }

    /// What kind of fault it is, for the caller's decision on what to do next; nil if it may pass by itself.
    var kind: String? {
        switch self {
        case .numberMalformed, .numberBlocked: "bad_number"
        case .numberTooOften, .accountTooOften: "throttled"
        case .systemFailed: nil
        default: "bad_config"
        }
    }

    /// What is wrong, for people.
    var message: String {
        switch self {
        case .bodyTooLarge: "the body is larger than 64 KiB"
        case .contentTypeWrong: "content-type must be application/json"
        case .identifierMalformed: "webhook-id must be 1 to 64 of A-Z, a-z, 0-9, _ and -"
        case .timestampMalformed: "webhook-timestamp must be a number of seconds since 1970"
        case .signatureMissing: "webhook-signature is missing"
        case .signatureMismatch: "no signature in webhook-signature fits id, timestamp, body and key"
        case .timestampStale: "webhook-timestamp is more than 300 s off"
        case .bodyUnreadable: "the body is not the JSON object that is described"
        case .typeUnknown: "type must be sms.send"
        case .fieldMissing: "id, to, template and either text or params.code are needed"
        case .messageExpired: "not_after has passed"
        case .numberMalformed: "to must be a plus sign and 8 to 15 digits"
        case .numberTooOften: "the number had a message just now"
        case .numberBlocked: "the number wants no messages"
        case .countryRefused: "no messages go to the number's country"
        case .authorizationRefused: "the caller may not send messages"
        case .accountTooOften: "there are too many messages at the moment"
        case .systemFailed: "the message could not be sent for now"
        }
    }
}
