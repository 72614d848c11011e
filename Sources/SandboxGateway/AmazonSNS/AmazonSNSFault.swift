internal import HTTPTypes

/// What is wrong with a Publish request, as far as this sandbox looks. The vendor has one code for several faults.
enum AmazonSNSFault: Error, CaseIterable {
    case authorizationMissing
    case authorizationIncomplete
    case dateMissing
    case dateMalformed
    case keyUnknown
    case terminatorMismatch
    case serviceMismatch
    case regionMismatch
    case scopeDateMismatch
    case headersNotSigned
    case signatureExpired
    case signatureNotYetCurrent
    case signatureMismatch
    case actionMissing
    case actionUnknown
    case destinationMissing
    case numberInvalid
    case messageMissing
    case messageTooLong
    case attributeIncomplete
    case attributeInvalid
    case numberTooOften
    case recipientOptedOut
    case numberNotVerified
    case callerRefused
    case accountTooOften
    case systemFailed

    var code: String {
        switch self {
        case .authorizationMissing: "MissingAuthenticationToken"
        case .authorizationIncomplete, .dateMissing, .dateMalformed: "IncompleteSignature"
        case .keyUnknown: "InvalidClientTokenId"
        case .terminatorMismatch, .serviceMismatch, .regionMismatch, .scopeDateMismatch, .headersNotSigned,
            .signatureExpired, .signatureNotYetCurrent, .signatureMismatch:
            "SignatureDoesNotMatch"
        case .actionMissing: "MissingAction"
        case .actionUnknown: "InvalidAction"
        case .destinationMissing, .numberInvalid, .messageMissing, .messageTooLong: "InvalidParameter"
        case .attributeIncomplete, .attributeInvalid: "ParameterValueInvalid"
        case .numberTooOften: "Throttling"
        case .recipientOptedOut: "OptedOut"
        case .numberNotVerified: "UserError"
        case .callerRefused: "AuthorizationError"
        case .accountTooOften: "Throttled"
        case .systemFailed: "InternalError"
        }
    }

    var status: HTTPResponse.Status {
        switch code {
        case "MissingAuthenticationToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "AuthorizationError":
            .forbidden
        case "Throttled": .tooManyRequests
        case "InternalError": .internalServerError
        default: .badRequest
        }
    }

    /// The text that goes with the code.
    var message: String {
        switch self {
        case .authorizationMissing: "Request is missing Authentication Token"
        case .authorizationIncomplete:
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."
        case .dateMissing: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        case .dateMalformed: "Date must be in ISO-8601 'basic format'."
        case .keyUnknown: "The security token included in the request is invalid."
        case .terminatorMismatch: "Credential should be scoped with a valid terminator: 'aws4_request'."
        case .serviceMismatch: "Credential should be scoped to correct service: 'sns'."
        case .regionMismatch: "Credential should be scoped to a valid region."
        case .scopeDateMismatch:
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."
        case .headersNotSigned: "'Host' and all 'X-Amz-' headers must be 'SignedHeaders' in the AWS Authorization."
        case .signatureExpired: "Signature expired: it is more than 15 min old."
        case .signatureNotYetCurrent: "Signature not yet current: it is more than 15 min ahead."
        case .signatureMismatch:
            """
            The request signature we calculated does not match the signature you provided. Check your AWS Secret \
            Access Key and signing method. Consult the service documentation for details.
            """
        case .actionMissing: "The request must contain the parameter Action."
        case .actionUnknown: "Could not find this operation for this version."
        case .destinationMissing: "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"
        case .numberInvalid: "Invalid parameter: PhoneNumber Reason: it is not valid to publish to"
        case .messageMissing: "Invalid parameter: Empty message"
        case .messageTooLong: "Invalid parameter: Message too long"
        case .attributeIncomplete: "The message attribute must contain a non-empty type and value."
        case .attributeInvalid: "The message attribute has an invalid value."
        case .numberTooOften, .accountTooOften: "Rate exceeded"
        case .recipientOptedOut: "Phone number is opted out"
        case .numberNotVerified: "The account is in the SMS sandbox, and the phone number is not verified"
        case .callerRefused: "User is not authorized to perform: SNS:Publish"
        case .systemFailed: "Internal server error"
        }
    }
}
