import SMSVerification
import Synchronization
import VerificationAPI

/// The domain's place in route tests: answers what it was told to and remembers what it was asked.
final class ScriptedFlow: VerificationFlow {
    struct CodeRequest: Equatable {
        var mobile: String
        var captchaAnswer: String?
        var captchaID: String?
    }

    private let outcome: Result<CodeRequestOutcome, VerificationUnavailable>
    private let captcha: Result<CaptchaOutcome, VerificationUnavailable>
    private let state = Mutex((captchas: [String](), codes: [CodeRequest]()))

    init(_ outcome: CodeRequestOutcome = .sent, captcha: String = "W3XK") {
        self.outcome = .success(outcome)
        self.captcha = .success(.issued(text: captcha))
    }

    init(tooManyCaptchas wait: Duration) {
        outcome = .success(.sent)
        captcha = .success(.tooMany(retryAfter: wait))
    }

    init(failure: VerificationUnavailable) {
        outcome = .failure(failure)
        captcha = .failure(failure)
    }

    var captchas: [String] { state.withLock { $0.captchas } }
    var codeRequests: [CodeRequest] { state.withLock { $0.codes } }

    func issueCaptcha(
        id: CaptchaID, to address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CaptchaOutcome {
        state.withLock { $0.captchas.append(id.text) }
        return try captcha.get()
    }

    func requestCode(
        for mobile: MobileNumber, captchaAnswer: String?, captchaID: String?, address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CodeRequestOutcome {
        let request = CodeRequest(mobile: mobile.canonical, captchaAnswer: captchaAnswer, captchaID: captchaID)
        state.withLock { $0.codes.append(request) }
        return try outcome.get()
    }
}

extension VerificationUnavailable {
    static let redisIsDown = VerificationUnavailable(part: "store", message: "Connection refused")
}
