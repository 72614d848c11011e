import HTTPTypes

/// The kinds of problem that `/v1` answers with. A client decides by ``uri``, never by the texts.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9457>
enum ProblemType: String, CaseIterable, Sendable {
    case invalidRequest = "invalid-request"
    case unsupportedContent = "unsupported-content"
    case foreignOrigin = "foreign-origin"
    case numberNotAccepted = "number-not-accepted"
    case proofRequired = "proof-required"
    case proofRefused = "proof-refused"
    case tooManyRequests = "too-many-requests"
    case wrongCode = "wrong-code"
    case verificationEnded = "verification-ended"
    case idempotencyConflict = "idempotency-conflict"
    case unavailable = "unavailable"

    /// What stands in `type`. It stays the same for ever.
    var uri: String { "urn:sms-queue:problem:\(rawValue)" }

    var status: HTTPResponse.Status {
        switch self {
        case .invalidRequest: .badRequest
        case .unsupportedContent: .unsupportedMediaType
        case .foreignOrigin, .proofRequired, .proofRefused: .forbidden
        case .numberNotAccepted, .wrongCode, .idempotencyConflict: .unprocessableContent
        case .verificationEnded: .conflict
        case .tooManyRequests: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }

    var title: String {
        switch self {
        case .invalidRequest: "The request cannot be read"
        case .unsupportedContent: "The body is not JSON"
        case .foreignOrigin: "Another site's page may not ask"
        case .numberNotAccepted: "No codes are sent to this number"
        case .proofRequired: "A picture's answer or proof of work is needed"
        case .proofRefused: "The picture's answer or the proof of work is not good"
        case .tooManyRequests: "Too many requests"
        case .wrongCode: "The code is wrong"
        case .verificationEnded: "There is no such verification"
        case .idempotencyConflict: "The idempotency key was used for another request"
        case .unavailable: "The service cannot work at the moment"
        }
    }
}

extension Problem {
    /// A problem of `/v1`.
    ///
    /// - Parameters:
    ///   - type: Which kind.
    ///   - detail: What went wrong this time, and the remedy.
    ///   - members: What a program may read of it, beside the members that all problems have.
    init(_ type: ProblemType, detail: String, members: [String: Member] = [:], headers: HTTPFields = [:]) {
        self.init(
            type.status, type: type.uri, title: type.title, detail: detail, members: members, headers: headers)
    }

    /// An address was shown more pictures than a person looks at.
    static func tooManyPictures(after wait: Duration) -> Problem {
        tooManyRequests(after: wait, detail: "Too many pictures were asked for from your address. Try again later.")
    }

    /// The caller has to wait.
    static func tooManyRequests(
        after wait: Duration, detail: String, members: [String: Member] = [:]
    ) -> Problem {
        let seconds = max(1, wait.wholeSecondsUp)
        return Problem(
            .tooManyRequests, detail: detail, members: members.merging(["retry_after": .number(seconds)]) { $1 },
            headers: [.retryAfter: "\(seconds)"])
    }
}

extension Duration {
    /// Whole seconds, rounded up.
    var wholeSecondsUp: Int {
        Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)
    }
}
