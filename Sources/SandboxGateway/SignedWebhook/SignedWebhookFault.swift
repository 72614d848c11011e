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

    /// Of a request that was understood, the body alone tells what became of it.
    var status: HTTPResponse.Status {
        switch self {
        case .bodyTooLarge: .contentTooLarge
        case .contentTypeWrong: .unsupportedMediaType
        case .identifierMalformed, .timestampMalformed, .signatureMissing, .bodyUnreadable: .badRequest
        case .signatureMismatch, .timestampStale: .unauthorized
        case .typeUnknown, .fieldMissing, .messageExpired: .unprocessableContent
        case .numberMalformed, .numberTooOften: .ok
        }
    }

    /// What kind of fault it is, for the caller's decision on what to do next.
    var kind: String {
        switch self {
        case .numberMalformed: "bad_number"
        case .numberTooOften: "throttled"
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
        }
    }
}
