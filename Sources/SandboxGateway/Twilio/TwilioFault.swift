internal import HTTPTypes

/// The vendor's codes for what is wrong with a request for a message, as far as this sandbox looks.
enum TwilioFault: Int, Error, CaseIterable {
    case notAuthenticated = 20003
    case resourceUnknown = 20404
    case numberTooOften = 20429
    case systemFailed = 20500
    case callbackInvalid = 21609
    case numberInvalid = 21211
    case senderInvalid = 21212
    case countryNotEnabled = 21408
    case bodyMissing = 21602
    case senderMissing = 21603
    case numberMissing = 21604
    case senderNotOwned = 21606
    case recipientOptedOut = 21610
    case senderQueueFull = 21611
    case noRoute = 21612
    case numberNotMobile = 21614
    case bodyTooLong = 21617
    case messagingServiceUnknown = 21705

    var status: HTTPResponse.Status {
        switch self {
        case .notAuthenticated: .unauthorized
        case .resourceUnknown: .notFound
        case .numberTooOften, .senderQueueFull: .tooManyRequests
        case .systemFailed: .internalServerError
        default: .badRequest
        }
    }

    /// The text that goes with the code.
    var message: String {
        switch self {
        case .notAuthenticated: "Authenticate"
        case .resourceUnknown: "The requested resource was not found"
        case .numberTooOften: "Too Many Requests"
        case .systemFailed: "Internal Server Error"
        case .callbackInvalid: "The 'StatusCallback' URL is not a valid URL."
        case .numberInvalid: "The 'To' number is not a valid phone number."
        case .senderInvalid: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."
        case .countryNotEnabled:
            "Permission to send an SMS has not been enabled for the region indicated by the 'To' number."
        case .bodyMissing: "Message body is required."
        case .senderMissing: "A 'From' phone number is required."
        case .numberMissing: "A 'To' phone number is required."
        case .senderNotOwned: "The 'From' phone number provided is not a valid message-capable Twilio phone number."
        case .recipientOptedOut: "Attempt to send to unsubscribed recipient"
        case .senderQueueFull: "This 'From' number has exceeded the maximum number of queued messages"
        case .noRoute: "The message From/To pair violates a blacklist rule or has no route."
        case .numberNotMobile: "'To' number is not a valid mobile number"
        case .bodyTooLong: "The concatenated message body exceeds the 1600 character limit"
        case .messagingServiceUnknown: "The Messaging Service SID is invalid."
        }
    }
}
