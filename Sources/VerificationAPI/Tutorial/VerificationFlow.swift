public import SMSVerification

/// What the routes ask of the domain: the two steps of the tutorial's flow.
///
/// ``SMSVerification/VerificationService`` is the conformance that runs; route tests bring their own.
public protocol VerificationFlow: Sendable {
    /// Makes a new captcha under `id`, keeps its text for the later comparison and returns it, to be drawn.
    func issueCaptcha(id: CaptchaID, to address: ClientAddress?) async throws(VerificationUnavailable) -> CaptchaOutcome

    /// Checks the captcha, then writes the code and hands its delivery to the queue.
    ///
    /// - Parameters:
    ///   - mobile: The number that the code is to reach.
    ///   - captchaAnswer: What the person read in the picture; nil when the request had no such parameter.
    ///   - captchaID: The picture's id as the request gave it, unchecked; nil when it had none.
    ///   - address: Where the request came from.
    func requestCode(
        for mobile: MobileNumber, captchaAnswer: String?, captchaID: String?, address: ClientAddress?
    ) async throws(VerificationUnavailable) -> CodeRequestOutcome
}

extension VerificationService: VerificationFlow {}
